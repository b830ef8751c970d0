package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In the database itself: no copies, so what cannot be taken back in a transaction is not run there. */
class InPlaceTest {

    private TestDatabase database;

    @TempDir
    private Path folder;

    @BeforeEach
    void empty() throws SQLException {
        database = new TestDatabase();
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private Report rehearse(String steps) throws Exception {
        return Rehearsal.of(Written.ours(folder, Written.BASE + steps).chain())
                .at(new Venue.InPlace(database.url()))
                .run();
    }

    private List<String> tables() throws SQLException {
        return database.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace");
    }

    @Test
    void aStepThatRefusesATransactionIsNotRunAndTheRestTakenBack() throws Exception {
        Report report = rehearse("""
                # 0001_expand_title
                -- migrate: no-transaction
                CREATE INDEX CONCURRENTLY posts_title ON posts (title);
                # down
                -- migrate: no-transaction
                DROP INDEX CONCURRENTLY posts_title;
                # 0002_expand_more
                CREATE TABLE more ();
                # down
                DROP TABLE more;
                """);
        assertThat(Written.told(report))
                .as(Written.whole(report))
                .containsExactly("0001_expand_title: unproven 0001_expand_title 0001_expand_title.sql:1");
        assertThat(report.steps().getLast().findings().getFirst().detail())
                .contains("needs copies", "--in-place makes none", "use --url without --in-place");
        assertThat(report.left()).containsExactly("0002_expand_more");
        assertThat(report.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(tables()).isEmpty();
    }

    @Test
    void soIsOneWhoseUseNeedsACommit() throws Exception {
        Report report = rehearse("""
                # 0001_expand_state
                DO $$ BEGIN ALTER TYPE state ADD VALUE IF NOT EXISTS 'gone'; END $$;
                # down
                -- migrate: lossy a label never goes
                """);
        assertThat(report.verdict()).as(Written.whole(report)).isEqualTo(Verdict.UNPROVEN);
        assertThat(tables()).isEmpty();
        assertThat(database.rows("SELECT typname FROM pg_type WHERE typname = 'state'"))
                .isEmpty();
    }

    @Test
    void whatStaysInTheDatabaseIsSaid() throws Exception {
        Report report = rehearse("""
                # 0001_expand_more
                CREATE TABLE more ();
                """);
        assertThat(report.notes())
                .contains(
                        "the database still has the first 2 of the 2 steps that were applied: no way back led further");
        assertThat(tables()).contains("more", "posts");
    }
}
