package dev.imprimatur.migrations.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.imprimatur.migrations.Directive;
import dev.imprimatur.migrations.Phase;
import dev.imprimatur.migrations.TestFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImprimaturReaderTest {

    private TestFolder folder;

    @BeforeEach
    void aFolderWithoutFault(@TempDir Path path) throws IOException {
        folder = new TestFolder(path)
                .add("0000_initial_schema", "CREATE TABLE posts (id int);", "DROP TABLE posts;")
                .add("0001_expand_slug", "ALTER TABLE posts ADD slug text;", "ALTER TABLE posts DROP slug;");
    }

    private List<ChainStep> steps() {
        return new Written(folder.path()).steps(Layout.IMPRIMATUR);
    }

    @Test
    void stepsHaveTheirPhaseAndChange() {
        assertThat(steps())
                .extracting(ChainStep::name, step -> step.phase().orElseThrow(), ChainStep::change)
                .containsExactly(
                        tuple("0000_initial_schema", Phase.BASELINE, "initial_schema"),
                        tuple("0001_expand_slug", Phase.EXPAND, "slug"));
        assertThat(steps()).allSatisfy(step -> assertThat(step.unread()).isEmpty());
    }

    @Test
    void directivesBecomeRules() throws IOException {
        folder.add(
                "0002_backfill_slug",
                "-- migrate: batch posts by id size 50\nUPDATE posts SET slug = '' WHERE id BETWEEN :first AND :last;",
                "-- migrate: lossy the slugs are gone\nUPDATE posts SET slug = NULL;");
        folder.add("0003_expand_index", "-- migrate: no-transaction\nVACUUM posts;", "-- Nothing to take back.\n");
        ChainStep backfill = steps().get(2);
        assertThat(backfill.forward().transaction()).isEqualTo(TransactionRule.ONE);
        assertThat(backfill.forward().batch()).contains(new Directive.Batch("posts", "id", 50));
        assertThat(backfill.down().orElseThrow().lossy()).contains("the slugs are gone");
        assertThat(steps().get(3).forward().transaction()).isEqualTo(TransactionRule.NONE);
        assertThat(steps().get(3).down()).isPresent();
    }

    @Test
    void aMissingRegistryIsNoConcernOfARehearsal() throws IOException {
        folder.delete("README.md");
        assertThat(steps()).allSatisfy(step -> assertThat(step.unread()).isEmpty());
    }

    @Test
    void aMissingDownFileIsNoDownPart() throws IOException {
        folder.delete("0001_expand_slug.down.sql");
        ChainStep step = steps().get(1);
        assertThat(step.down()).isEmpty();
        assertThat(step.unread()).isEmpty();
        assertThat(Written.sql(step.forward())).containsExactly("1: ALTER TABLE posts ADD slug text");
    }

    @Test
    void aFaultOfTheForwardFileStops() throws IOException {
        folder.write("0001_expand_slug.sql", "SELECT 1;\nCOMMIT;");
        Written.unread(steps().get(1), "0001_expand_slug.sql", 2, true, "controls the transaction");
    }

    @Test
    void aForwardFileThatIsNoTextStops() throws IOException {
        new Written(folder.path()).file("0001_expand_slug.sql", "SELECT 'é';".getBytes(StandardCharsets.ISO_8859_1));
        ChainStep step = steps().get(1);
        Written.unread(step, "0001_expand_slug.sql", 1, true, "not UTF-8");
        assertThat(step.forward().statements().list()).isEmpty();
        assertThat(step.down()).isPresent();
    }

    @Test
    void aMissingForwardFileStops() throws IOException {
        folder.delete("0001_expand_slug.sql");
        Written.unread(steps().get(1), "0001_expand_slug.down.sql", 1, true, "without its forward file");
    }

    @Test
    void aFaultOfTheDownFileLeavesTheWayThere() throws IOException {
        folder.write("0001_expand_slug.down.sql", "SELECT 1;\n\\copy x from y");
        ChainStep step = steps().get(1);
        Written.unread(step, "0001_expand_slug.down.sql", 2, false, "command of psql");
        assertThat(step.forward().statements().list()).hasSize(1);
        assertThat(step.down()).isEmpty();
    }

    @Test
    void aFileWithABadNameIsAStepOfItsOwnThatDoesNotStop() throws IOException {
        folder.write("fix.sql", "SELECT 1;");
        ChainStep step = steps().get(2);
        assertThat(step.name()).isEqualTo("fix");
        Written.unread(step, "fix.sql", 1, false, "no number and phase");
    }
}
