package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large objects belong to no table, and are compared all the same, in a transaction as on copies. */
class LargeObjectsTest {

    private static final String BASE = """
            # 0000_initial_schema
            CREATE TABLE pictures (id int PRIMARY KEY, content oid);
            SELECT lo_from_bytea(4711, 'one'), lo_from_bytea(4712, repeat('x', 5000)::bytea);
            INSERT INTO pictures VALUES (1, 4711), (2, 4712);
            # down
            -- migrate: lossy every picture goes
            SELECT lo_unlink(4711), lo_unlink(4712);
            DROP TABLE pictures;
            """;

    @TempDir
    private Path faulty;

    @TempDir
    private Path sound;

    private void told(boolean copies, String steps, String... findings) throws Exception {
        Report report =
                Written.ours(faulty, BASE + steps).rehearse(manner(copies).andThen(Rehearsal::keepGoing)::apply);
        assertThat(Written.told(report)).as(Written.whole(report)).containsExactly(findings);
        // What a grant touches is seen in time too, and not only by reading everything in the end.
        assertThat(report.notes()).isEmpty();
    }

    private void passes(boolean copies, String steps) throws Exception {
        Report report = Written.ours(sound, BASE + steps).rehearse(manner(copies));
        assertThat(report.verdict()).as(Written.whole(report)).isEqualTo(Verdict.PASSED);
        assertThat(report.unwind().reached()).isEqualTo(2);
        assertThat(report.notes()).isEmpty();
    }

    private static UnaryOperator<Rehearsal> manner(boolean copies) {
        return rehearsal -> copies ? rehearsal.alwaysOnCopies() : rehearsal;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anExpandThatChangesOneChangesRows(boolean copies) throws Exception {
        told(
                copies,
                """
                # 0001_expand_pictures
                SELECT lo_put(4712, 3000, 'y');
                # down
                SELECT lo_put(4712, 3000, 'x');
                """,
                "0001_expand_pictures: rows-changed large objects 0001_expand_pictures.sql:1",
                "unwind: unwind-differs large objects 0001_expand_pictures.down.sql:1");
        passes(copies, """
                # 0001_expand_pictures
                SELECT lo_from_bytea(4713, 'three');
                # down
                SELECT lo_unlink(4713);
                """);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneThatDoesNotComeBackIsTold(boolean copies) throws Exception {
        told(
                copies,
                """
                # 0001_contract_pictures
                SELECT lo_unlink(4711);
                # down
                SELECT lo_from_bytea(4711, 'One');
                """,
                "0001_contract_pictures: rows-changed large objects 0001_contract_pictures.sql:1",
                "0001_contract_pictures: back-differs large objects 0001_contract_pictures.down.sql:1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void grantsAndCommentsBelongToIt(boolean copies) throws Exception {
        told(
                copies,
                """
                # 0001_expand_pictures
                GRANT SELECT ON LARGE OBJECT 4711 TO PUBLIC;
                # down
                SELECT 1;
                """,
                "0001_expand_pictures: rows-changed large objects 0001_expand_pictures.sql:1",
                "0001_expand_pictures: back-differs large objects 0001_expand_pictures.down.sql:1");
    }
}
