package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each finding there is, in a chain that has it and in its neighbour that has not: a new code needs a pair here. */
class EachFindingTest {

    private static final String DROPPED_STARS = """
            # 0001_contract_stars
            ALTER TABLE posts DROP COLUMN stars;
            # down
            -- migrate: lossy nobody kept them
            ALTER TABLE posts ADD COLUMN stars int;
            """;

    private static final String INDEXES = """
            # 0001_expand_indexes
            CREATE INDEX posts_stars ON posts (stars);
            CREATE INDEX posts_state ON posts (state);
            # down
            DROP INDEX posts_stars, posts_state;
            # 0002_contract_indexes
            """;

    /**
     * Steps behind {@link Written#BASE}.
     *
     * @param queries of the code that runs meanwhile
     */
    private record Pair(String faulty, String sound, String queries) {

        Pair(String faulty, String sound) {
            this(faulty, sound, "");
        }

        /** Two ways back from the same step. */
        static Pair back(String step, String faulty, String sound) {
            return new Pair(step + "\n# down\n" + faulty, step + "\n# down\n" + sound);
        }

        /** Two ways there, with the same way back. */
        static Pair there(String name, String faulty, String sound, String back) {
            String step = "# %s\n%s\n# down\n%s";
            return new Pair(step.formatted(name, faulty, back), step.formatted(name, sound, back));
        }
    }

    private static Pair pair(FindingCode code) {
        return switch (code) {
            case FORWARD_FAILS ->
                Pair.there(
                        "0001_expand_slug",
                        "ALTER TABLE post ADD COLUMN slug text;",
                        "ALTER TABLE posts ADD COLUMN slug text;",
                        "ALTER TABLE posts DROP COLUMN slug;");
            case BACK_FAILS ->
                Pair.back(
                        "# 0001_expand_slug\nALTER TABLE posts ADD COLUMN slug text;",
                        "ALTER TABLE posts DROP COLUMN slugs;",
                        "ALTER TABLE posts DROP COLUMN slug;");
            case BACK_DIFFERS ->
                Pair.back(
                        "# 0001_constrain_state\nALTER TABLE posts ALTER COLUMN state DROP DEFAULT;",
                        "ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'published';",
                        "ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'draft';");
            case ORDER_DIFFERS -> new Pair("""
                        # 0001_contract_state
                        ALTER TABLE posts DROP COLUMN state;
                        # down
                        ALTER TABLE posts ADD COLUMN state state NOT NULL DEFAULT 'draft';
                        """, DROPPED_STARS);
            case AGAIN_FAILS ->
                Pair.back(
                        "# 0001_expand_tags\nCREATE TABLE tags (name text);",
                        "-- migrate: lossy the table stays",
                        "DROP TABLE tags;");
            case AGAIN_DIFFERS ->
                Pair.back(
                        "# 0001_expand_slug\nALTER TABLE posts ADD COLUMN IF NOT EXISTS slug text DEFAULT 'none';",
                        "ALTER TABLE posts ALTER COLUMN slug DROP DEFAULT;",
                        "ALTER TABLE posts DROP COLUMN slug;");
            case USED_BACK_FAILS ->
                Pair.back(
                        "# 0001_expand_title\nALTER TABLE posts ALTER COLUMN title DROP NOT NULL;",
                        "ALTER TABLE posts ALTER COLUMN title SET NOT NULL;",
                        """
                        UPDATE posts SET title = '' WHERE title IS NULL;
                        ALTER TABLE posts ALTER COLUMN title SET NOT NULL;""");
            case USED_BACK_DIFFERS ->
                Pair.back("# 0001_expand_title\nALTER TABLE posts ALTER COLUMN title DROP NOT NULL;", """
                        DELETE FROM posts WHERE EXISTS (SELECT FROM posts WHERE title IS NULL);
                        ALTER TABLE posts ALTER COLUMN title SET NOT NULL;""", """
                        DELETE FROM posts WHERE title IS NULL;
                        ALTER TABLE posts ALTER COLUMN title SET NOT NULL;""");
            case UNWIND_FAILS -> Pair.back("""
                        # 0001_expand_note
                        ALTER TABLE posts ADD COLUMN note text;
                        # down
                        ALTER TABLE posts DROP COLUMN note;
                        # 0002_expand_notes
                        CREATE OR REPLACE VIEW notes AS SELECT note FROM posts;""", "-- migrate: lossy nobody reads it", "DROP VIEW notes;");
            case UNWIND_DIFFERS ->
                Pair.back(
                        "# 0001_expand_slug\nALTER TABLE posts ADD COLUMN slug text;",
                        "ALTER TABLE posts DROP COLUMN slug;\nUPDATE posts SET stars = 0;",
                        "ALTER TABLE posts DROP COLUMN slug;");
            case PHASE_EXCEEDED -> new Pair("""
                        # 0001_expand_stars
                        ALTER TABLE posts RENAME COLUMN stars TO votes;
                        # down
                        ALTER TABLE posts RENAME COLUMN votes TO stars;
                        """, """
                        # 0001_contract_stars
                        ALTER TABLE posts RENAME COLUMN stars TO votes;
                        # down
                        ALTER TABLE posts RENAME COLUMN votes TO stars;
                        """);
            case ROWS_CHANGED ->
                Pair.there(
                        "0001_expand_stage",
                        "ALTER TABLE posts ADD COLUMN stage text;\nUPDATE posts SET stars = 0;",
                        "ALTER TABLE posts ADD COLUMN stage text;",
                        "-- migrate: lossy the stars\nALTER TABLE posts DROP COLUMN stage;");
            case NOT_IDEMPOTENT ->
                Pair.there(
                        "0001_expand_votes\nALTER TABLE posts ADD COLUMN votes int NOT NULL DEFAULT 0;\n"
                                + "# down\nALTER TABLE posts DROP COLUMN votes;\n# 0002_backfill_votes",
                        "UPDATE posts SET votes = votes + 1;",
                        "UPDATE posts SET votes = 1;",
                        "UPDATE posts SET votes = 0;");
            case INVALID_LEFT_BEHIND ->
                Pair.there(
                        "0001_constrain_id",
                        "ALTER TABLE posts ADD CONSTRAINT counted CHECK (id > 0) NOT VALID;",
                        "ALTER TABLE posts ADD CONSTRAINT counted CHECK (id > 0);",
                        "ALTER TABLE posts DROP CONSTRAINT counted;");
            case BROKEN_READER -> new Pair(DROPPED_STARS, """
                        # 0001_expand_votes
                        ALTER TABLE posts ADD COLUMN votes int;
                        # down
                        ALTER TABLE posts DROP COLUMN votes;
                        """, "SELECT title FROM posts WHERE stars = $1;");
            case BROKEN_WRITER -> {
                String kind = """
                        # 0001_expand_kind
                        ALTER TABLE posts ADD COLUMN kind text NOT NULL DEFAULT 'note';
                        # down
                        ALTER TABLE posts DROP COLUMN kind;
                        """;
                yield new Pair(kind + """
                        # 0002_constrain_kind
                        ALTER TABLE posts ALTER COLUMN kind DROP DEFAULT;
                        # down
                        ALTER TABLE posts ALTER COLUMN kind SET DEFAULT 'note';
                        """, kind, "INSERT INTO posts (title, stars) VALUES ($1, $2);");
            }
            case PLAN_REGRESSION ->
                new Pair(
                        INDEXES + "DROP INDEX posts_stars;\n# down\nCREATE INDEX posts_stars ON posts (stars);\n",
                        INDEXES + "DROP INDEX posts_state;\n# down\nCREATE INDEX posts_state ON posts (state);\n",
                        "SELECT title FROM posts WHERE stars = $1;");
            case UNPROVEN -> {
                String odd = """
                        # 0001_expand_odd
                        CREATE TABLE odd (id int NOT NULL CHECK (id > 5 AND id < %d));
                        # down
                        DROP TABLE odd;
                        # 0002_expand_odd
                        ALTER TABLE odd ADD COLUMN more int;
                        # down
                        ALTER TABLE odd DROP COLUMN more;
                        """;
                yield new Pair(odd.formatted(5), odd.formatted(9));
            }
            case NO_DOWN -> {
                String slug = "# 0001_expand_slug\nALTER TABLE posts ADD COLUMN slug text;\n";
                yield new Pair(slug, slug + "# down\nALTER TABLE posts DROP COLUMN slug;\n");
            }
            case UNREADABLE ->
                Pair.there(
                        "0001_expand_tags",
                        "CREATE TABLE tags (name text);\n\\copy tags from 'tags.csv'",
                        "CREATE TABLE tags (name text);",
                        "DROP TABLE tags;");
            case TIMED_OUT ->
                Pair.there(
                        "0001_expand_tags",
                        "CREATE TABLE tags (name text);\nSELECT pg_sleep(600);",
                        "CREATE TABLE tags (name text);\nSELECT pg_sleep(0);",
                        "DROP TABLE tags;");
            case ESCAPES_COPY ->
                Pair.there(
                        "0001_expand_tags",
                        "CREATE TABLE tags (name text);\nCREATE DATABASE tags;",
                        "CREATE TABLE tags (name text);",
                        "DROP TABLE tags;");
            case MISSING_PREREQUISITE ->
                Pair.there(
                        "0001_expand_tags",
                        "CREATE TABLE tags (name text);\nCREATE EXTENSION nowhere_to_be_had;",
                        "CREATE TABLE tags (name text);",
                        "DROP TABLE tags;");
        };
    }

    @ParameterizedTest
    @EnumSource
    void isToldOfTheFaultyChainAndNotOfItsNeighbour(FindingCode code, @TempDir Path faulty, @TempDir Path sound)
            throws Exception {
        Pair pair = pair(code);
        Duration timeout = Duration.ofSeconds(code == FindingCode.TIMED_OUT ? 1 : 60);
        Report told = rehearse(faulty, pair.faulty(), pair.queries(), timeout);
        assertThat(codes(told)).as(Written.whole(told)).contains(code);
        Report silent = rehearse(sound, pair.sound(), pair.queries(), timeout);
        assertThat(codes(silent)).as(Written.whole(silent)).doesNotContain(code);
        assertThat(silent.verdict()).as(Written.whole(silent)).isEqualTo(Verdict.PASSED);
    }

    private static Report rehearse(Path folder, String steps, String queries, Duration timeout) throws IOException {
        Chain chain = Written.ours(Files.createDirectory(folder.resolve("chain")), Written.BASE + steps)
                .chain();
        Path workload = Files.writeString(folder.resolve("workload.sql"), queries);
        return Written.onLentServer(chain, rehearsal -> {
            rehearsal.keepGoing().stepTimeout(timeout);
            return queries.isEmpty() ? rehearsal : rehearsal.workload(Workload.ofFile(workload));
        });
    }

    private static Stream<FindingCode> codes(Report report) {
        return Stream.concat(
                        report.steps().stream().flatMap(step -> step.findings().stream()),
                        report.unwind().findings().stream())
                .map(Finding::code);
    }
}
