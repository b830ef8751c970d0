package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Statements;
import dev.imprimatur.migrations.TestDatabase;
import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ways back that lose something small. Whether one changes the catalog is proved by plain queries that share nothing
 * with the snapshots.
 */
class MutantsTest {

    /** What is written, and what a careless author writes instead. */
    private static final List<String[]> SLIPS =
            """
            \\ DEFAULT ('[^']*'|now\\(\\)|false|1)(?=[,;\\n]|$| CHECK)|
            \\ NOT NULL|
            \\ COLLATE "C"|
            \\ SET NOT NULL| DROP NOT NULL
            SET DEFAULT '(\\w+)'|SET DEFAULT 'other'
            SET DEFAULT 'glad'|DROP DEFAULT
            , 'calm'|
            'glad', 'calm'|'calm', 'glad'
            varchar\\(40\\)|varchar(50)
            varchar\\(40\\)|text
            numeric\\(10, 2\\)|numeric
            timestamptz|timestamp
            \\ BY DEFAULT| ALWAYS
            author bigint|author int
            int4range|int8range
            UNIQUE INDEX|INDEX
            \\ DESC|
            \\ NULLS LAST| NULLS FIRST
            \\ INCLUDE \\(title\\)|
            \\ WHERE \\(NOT old\\)|
            lower\\(label\\)|label
            \\ ON DELETE CASCADE|
            \\ DEFERRABLE|
            \\ DEFERRABLE| DEFERRABLE INITIALLY DEFERRED
            \\ UNIQUE \\(author, title\\)| UNIQUE (title, author)
            >= 0|> -1
            \\ SECURITY DEFINER|
            \\ IMMUTABLE| STABLE
            \\ STRICT|
            x \\* 2|x + x
            BEFORE|AFTER
            \\ INSERT OR UPDATE| UPDATE
            \\ WHEN \\(NEW.old\\)|
            \\ WITH \\(security_barrier\\)|
            id, title FROM|id, label AS title FROM
            FOR SELECT|FOR ALL
            USING \\(NOT old\\)|USING (true)
            ENABLE ROW|FORCE ROW
            title, label FROM|title, made FROM
            FOR TABLE authors|FOR TABLE authors, posts
            INITCOND = '0'|INITCOND = '1'
            SFUNC = int4pl|SFUNC = int4mul
            IS 'Posts.'|IS 'posts'
            GRANT SELECT|GRANT INSERT
            UPDATE \\(title\\)|UPDATE
            INCREMENT BY 5|INCREMENT BY 1
            \\ CYCLE|
            EXTENDED|MAIN
            RESET \\(fillfactor\\)|SET (fillfactor = 100)
            \\ PRIMARY KEY|
            """.lines().map(MutantsTest::slip).toList();

    private static String[] slip(String line) {
        int bar = line.lastIndexOf('|');
        return new String[] {line.substring(0, bar), line.substring(bar + 1)};
    }

    /** One line an object: names and definitions as the server writes them, and no number that it gave. */
    private static final String PLAIN = """
            SELECT concat_ws('|', 'class', c.oid::regclass, relkind, relpersistence, relrowsecurity, relforcerowsecurity,
                     reloptions, coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)), obj_description(c.oid, 'pg_class')) FROM pg_class c
             WHERE relnamespace::regnamespace::text IN ('public', 'app')
            UNION ALL SELECT concat_ws('|', 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod),
                     attnotnull, attidentity, attgenerated, attstorage, attcollation::regcollation, attacl,
                     pg_get_expr(adbin, adrelid), col_description(attrelid, attnum))
                FROM pg_attribute JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
               WHERE NOT attisdropped AND attnum > 0 AND relnamespace::regnamespace::text IN ('public', 'app')
            UNION ALL SELECT concat_ws('|', 'constraint', conrelid::regclass, contypid::regtype, conname, convalidated,
                     condeferrable, condeferred, pg_get_constraintdef(oid)) FROM pg_constraint WHERE oid >= 16384
            UNION ALL SELECT concat_ws('|', 'index', indexrelid::regclass, indisvalid, pg_get_indexdef(indexrelid))
                FROM pg_index WHERE indexrelid >= 16384 AND indrelid::regclass::text NOT LIKE 'pg_toast%'
            UNION ALL SELECT concat_ws('|', 'view', c.oid::regclass, pg_get_viewdef(c.oid)) FROM pg_class c
               WHERE relkind IN ('v', 'm') AND c.oid >= 16384
            UNION ALL SELECT concat_ws('|', 'function', oid::regprocedure, pg_get_functiondef(oid)) FROM pg_proc
               WHERE oid >= 16384 AND prokind <> 'a'
            UNION ALL SELECT concat_ws('|', 'aggregate', aggfnoid::regprocedure, aggtransfn, agginitval) FROM pg_aggregate
               WHERE aggfnoid >= 16384
            UNION ALL SELECT concat_ws('|', 'trigger', tgenabled, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT concat_ws('|', 'rule', ev_class::regclass, pg_get_ruledef(oid)) FROM pg_rewrite
               WHERE oid >= 16384 AND rulename <> '_RETURN'
            UNION ALL SELECT concat_ws('|', 'enum', enumtypid::regtype, string_agg(enumlabel, ',' ORDER BY enumsortorder))
                FROM pg_enum GROUP BY enumtypid
            UNION ALL SELECT concat_ws('|', 'type', oid::regtype, typtype, typnotnull, typdefault) FROM pg_type
               WHERE oid >= 16384 AND typtype IN ('d', 'e', 'r')
            UNION ALL SELECT concat_ws('|', 'sequence', seqrelid::regclass, seqincrement, seqmax, seqcycle) FROM pg_sequence
            UNION ALL SELECT concat_ws('|', 'policy', polrelid::regclass, polname, polcmd, pg_get_expr(polqual, polrelid)) FROM pg_policy
            UNION ALL SELECT concat_ws('|', 'statistics', pg_get_statisticsobjdef(oid)) FROM pg_statistic_ext
            UNION ALL SELECT concat_ws('|', 'published', pubname, tablename) FROM pg_publication_tables
            UNION ALL SELECT concat_ws('|', 'publication', pubname) FROM pg_publication
            UNION ALL SELECT concat_ws('|', 'default', defaclnamespace::regnamespace, defaclobjtype, defaclacl) FROM pg_default_acl
            UNION ALL SELECT concat_ws('|', 'schema', nspname) FROM pg_namespace WHERE oid >= 16384 AND nspname !~ '^pg_'
            """;

    private static final Limits LIMITS = new Limits(Duration.ofSeconds(30), false);

    private int changing;
    private int failing;
    private int harmless;
    private final List<String> unseen = new ArrayList<>();

    @Test
    void nearlyEveryWayBackThatLosesSomethingIsFound(@TempDir Path folder, TestReporter reporter) throws Exception {
        String text = Files.readString(
                Path.of(MutantsTest.class.getResource("/mutants/chain.txt").toURI()));
        Chain chain = Written.golang(folder, text).chain();
        try (TestDatabase database = new TestDatabase();
                Connection connection = database.open()) {
            for (ChainStep step : chain.steps()) {
                Part down = step.down().orElseThrow();
                assertThat(found(chain, step, connection).stream()
                                .filter(finding -> finding.weight() == FindingCode.Weight.FAILS))
                        .as("%s as it should be", step.name())
                        .isEmpty();
                for (String mutant : mutants(down.statements().list())) {
                    judge(chain, step, part(down, mutant), mutant, connection);
                }
                connection.setAutoCommit(true);
                for (Statement statement : step.forward().statements().list()) {
                    execute(connection, statement.text());
                }
            }
        }
        reporter.publishEntry("%d mutants change the catalog, %d of them unseen; %d fail, %d change nothing"
                .formatted(changing, unseen.size(), failing, harmless));
        assertThat(changing).isGreaterThan(100);
        assertThat(unseen).hasSizeLessThanOrEqualTo(changing / 100);
    }

    private void judge(Chain chain, ChainStep step, Part mutated, String mutant, Connection connection)
            throws Exception {
        Optional<Boolean> changes = changes(step.forward(), mutated, connection);
        if (changes.isEmpty()) {
            failing++;
        } else if (!changes.get()) {
            harmless++;
        } else {
            changing++;
            ChainStep changed = new ChainStep(
                    step.name(), step.phase(), step.change(), step.forward(), Optional.of(mutated), List.of());
            boolean found = found(chain, changed, connection).stream()
                    .anyMatch(finding -> finding.code() == FindingCode.BACK_DIFFERS
                            && finding.weight() == FindingCode.Weight.FAILS
                            && !finding.detail().contains("rows"));
            if (!found) {
                unseen.add(step.name() + ": " + mutant);
            }
        }
    }

    private static List<Finding> found(Chain chain, ChainStep step, Connection connection) throws Exception {
        State before = new State(Snapshot.read(connection), Rows.NONE, Globals.read(connection));
        try (InTransaction ground = new InTransaction(connection, LIMITS)) {
            Trial trial = new Trial(step, ground, before, new Invariants(chain), List.of(), true);
            trial.run();
            return trial.report().findings();
        }
    }

    /** Empty when the way back fails. */
    private static Optional<Boolean> changes(Part forward, Part down, Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try {
            SortedSet<String> before = plain(connection);
            for (Part part : List.of(forward, down)) {
                for (Statement statement : part.statements().list()) {
                    execute(connection, statement.text());
                }
            }
            return Optional.of(!plain(connection).equals(before));
        } catch (SQLException e) {
            return Optional.empty();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static SortedSet<String> plain(Connection connection) throws SQLException {
        SortedSet<String> lines = new TreeSet<>();
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(PLAIN)) {
                while (row.next()) {
                    lines.add(row.getString(1));
                }
            }
        }
        return lines;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** Each statement left out once, and each slip made once. */
    private static List<String> mutants(List<Statement> statements) {
        List<String> mutants = new ArrayList<>();
        for (int i = 0; i < statements.size(); i++) {
            mutants.add(joined(statements, i, ""));
            String text = statements.get(i).text();
            for (String[] slip : SLIPS) {
                Matcher matcher = Pattern.compile(slip[0]).matcher(text);
                while (matcher.find()) {
                    mutants.add(joined(
                            statements,
                            i,
                            text.substring(0, matcher.start()) + slip[1] + text.substring(matcher.end())));
                }
            }
        }
        return mutants;
    }

    private static String joined(List<Statement> statements, int at, String instead) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < statements.size(); i++) {
            String statement = i == at ? instead : statements.get(i).text();
            text.append(statement).append(statement.isEmpty() ? "" : ";\n");
        }
        return text.toString();
    }

    private static Part part(Part down, String text) {
        return new Part(down.file(), Statements.of(text), down.transaction(), down.batch(), down.lossy());
    }
}
