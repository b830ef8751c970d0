package dev.imprimatur.bench;

import dev.imprimatur.publishing.database.Database;
import dev.imprimatur.publishing.database.DatabaseUrl;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jdbi.v3.core.Jdbi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How many times as many creates a second as Directus. */
@Command(
        name = "directus",
        description = "Creates content through our API, and the same item through that of Directus, in turns.")
final class BesideDirectus implements Callable<Integer> {
    private static final double LEAST = 10;
    private static final double AIM = 25;

    @Option(names = "--pairs", description = "How many times each side has its turn (${DEFAULT-VALUE}).")
    int pairs = 7;

    @Option(names = "--seconds", description = "How long a turn is (${DEFAULT-VALUE}).")
    int seconds = 5;

    @Option(
            names = "--warm-up",
            description = "Seconds that each side runs unmeasured before all else (${DEFAULT-VALUE}).")
    int warmUp = 40;

    @Option(names = "--connections", split = ",", description = "How many at once (${DEFAULT-VALUE}).")
    List<Integer> connections = List.of(16);

    @Option(names = "--version", description = "Which Directus is fetched from npm (${DEFAULT-VALUE}).")
    String version = "12.4.0";

    @Option(names = "--processes", description = "How many processes Directus has (one for each processor).")
    int processes = Runtime.getRuntime().availableProcessors();

    private final PrintStream out = System.out;
    private long ourCreates;
    private long theirCreates;

    @Override
    public Integer call() throws Exception {
        DirectusProgram program = DirectusProgram.fetch(version);
        try (Installation installation = Installation.start()) {
            DatabaseUrl database = installation.newDatabase("directus");
            try (Directus directus = Directus.start(program, database, processes);
                    Child ours = installation.loadOverHttp(installation.newToken());
                    Child theirs = installation.loadDirectus(directus)) {
                out.println("machine   " + Machine.words());
                out.println("database  " + Machine.words(installation.superuser()) + ", one server for both sides");
                out.printf(
                        "rival     Directus %s in %d processes of Node.js %s%n",
                        version, processes, program.nodeVersion());
                out.printf(
                        "request   POST of %,d bytes of JSON with a bearer token, and for us an Idempotency-Key%n",
                        LoadProcess.Example.read().json().length);
                out.printf("measured  %d pairs of turns of %d s, after %d s of each side%n", pairs, seconds, warmUp);
                boolean enough = true;
                for (Integer at : connections) {
                    int unmeasured = at.equals(connections.getFirst()) ? warmUp : seconds;
                    ours(installation, ours, at, unmeasured);
                    theirs(installation, directus, theirs, at, unmeasured);
                    List<SideBySide.Pair> measured = new ArrayList<>();
                    for (int i = 0; i < pairs; i++) {
                        measured.add(new SideBySide.Pair(
                                ours(installation, ours, at, seconds),
                                theirs(installation, directus, theirs, at, seconds)));
                    }
                    enough &= show(new SideBySide("Imprimatur", "Directus " + version, at, measured));
                }
                out.println();
                boolean written = areWritten(installation.superuser(), Database.jdbi(database::connect));
                out.printf("load average at the end: %.1f%n", Machine.load());
                return enough && written ? 0 : 1;
            }
        }
    }

    private Turn ours(Installation installation, Child load, int connections, int seconds) throws IOException {
        Turn turn = Turn.take(
                load, connections, seconds, installation::processorOfServer, installation::processorOfPostgres);
        ourCreates += turn.said().round().creates();
        return turn;
    }

    private Turn theirs(Installation installation, Directus directus, Child load, int connections, int seconds)
            throws IOException {
        Turn turn = Turn.take(load, connections, seconds, directus::processor, installation::processorOfPostgres);
        theirCreates += turn.said().round().creates();
        return turn;
    }

    private boolean show(SideBySide sides) {
        sides.show(out);
        double ratio = sides.ratio().median();
        out.printf(
                "ratio %s, so the least of %.0f is %s, and the aim of %.0f is %s%n",
                sides.ratio().show(1), LEAST, ratio >= LEAST ? "met" : "MISSED", AIM, ratio >= AIM ? "met" : "MISSED");
        return ratio >= LEAST;
    }

    /** Each create that was answered must have left on its side what that side promises. */
    private boolean areWritten(Jdbi ours, Jdbi theirs) {
        boolean first = areWritten(ours, "Imprimatur", ourCreates, """
                SELECT (SELECT count(*) FROM content) AS "contents",
                       (SELECT count(*) FROM revisions) AS "revisions",
                       (SELECT count(*) FROM idempotency_keys) AS "idempotency keys",
                       (SELECT count(*) FROM audit WHERE action = 'content.created') AS "audit entries\"""");
        boolean second = areWritten(theirs, "Directus", theirCreates, """
                SELECT (SELECT count(*) FROM content) AS "items",
                       (SELECT count(*) FROM directus_revisions WHERE collection = 'content') AS "revisions",
                       (SELECT count(*) FROM directus_activity
                        WHERE collection = 'content' AND action = 'create') AS "activities\"""");
        return first && second;
    }

    private boolean areWritten(Jdbi database, String side, long creates, String counts) {
        Map<String, Object> rows = database.withHandle(
                handle -> handle.createQuery(counts).mapToMap().one());
        boolean written = rows.values().stream().allMatch(count -> count.equals(creates));
        out.printf("%s answered %,d creates, and has %s%s%n", side, creates, rows, written ? "" : ": FAILED");
        return written;
    }
}
