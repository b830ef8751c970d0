package dev.imprimatur.migrations.junit;

import dev.imprimatur.migrations.layout.Layouts;
import dev.imprimatur.migrations.rehearse.Rehearsal;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Makes a method a rehearsal of a folder of migrations, with a test for each step:
 *
 * <pre>{@code
 * class MigrationsTest {
 *     @Rehearsed("src/main/resources/db/migrations")
 *     void comeBack() {}
 * }
 * }</pre>
 *
 * <p>The whole chain is rehearsed once, before the first of these tests, on a PostgreSQL 17 that is started for it and
 * gone behind it, also where other steps fail. Then each step is a test of its name, in the chain's order, and the way
 * back through the whole chain is the last one, {@code unwind}. A test
 *
 * <ul>
 *   <li>fails when its step did, with all that was found, files and lines included;
 *   <li>is aborted, which most tools show as skipped, when its step is unproven or was not reached, with the reason;
 *   <li>else runs the method, whose body may be empty or demand more of the project at hand.
 * </ul>
 *
 * <p>When there is nothing to rehearse (no such folder, files of no known layout or of several, a prelude that fails, no
 * PostgreSQL to be had), the method as a whole fails and says what to do. The method may have parameters as far as other
 * extensions provide them.
 *
 * @see Rehearsal the same without JUnit
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@TestTemplate
@ExtendWith(RehearsedChain.class)
public @interface Rehearsed {

    /** The folder; a relative one from where the tests run, which Maven and Gradle make the folder of the module. */
    String value();

    /** How many rows each table is to have at least, from 1; made up where they are missing. */
    int rows() default 10;

    /**
     * Whose form the files have, by the word that the command line takes, such as {@code golang-migrate}; {@code auto}
     * lets them tell, as {@link Layouts#read(java.nio.file.Path)} does.
     */
    String layout() default "auto";

    /** A file of SQL that runs before the chain: roles, extensions, settings. None when empty; relative as the folder. */
    String prelude() default "";

    /**
     * Lets a step that is unproven pass; why it is becomes a report entry of its test, {@code unproven}. One that was not
     * reached is aborted all the same.
     */
    boolean acceptUnproven() default false;
}
