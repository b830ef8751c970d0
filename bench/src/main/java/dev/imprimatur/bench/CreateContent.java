package dev.imprimatur.bench;

import dev.imprimatur.bench.LoadProcess.Said;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the API costs on top of its SQL. */
@Command(
        name = "create-content",
        description = "Creates content through the API, and by the same SQL through bare JDBC, in turns.")
final class CreateContent implements Callable<Integer> {
    private static final double AIM = 0.35;
    private static final int AT_ONCE_WHEN_COUNTED = 16;

    @Option(names = "--pairs", description = "How many times each side has its turn (${DEFAULT-VALUE}).")
    int pairs = 7;

    @Option(names = "--seconds", description = "How long a turn is (${DEFAULT-VALUE}).")
    int seconds = 5;

    @Option(
            names = "--warm-up",
            description = "Seconds that each side runs unmeasured before all else (${DEFAULT-VALUE}).")
    int warmUp = 40;

    @Option(names = "--connections", split = ",", description = "How many at once (${DEFAULT-VALUE}).")
    List<Integer> connections = List.of(16, 1);

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws Exception {
        try (Installation installation = Installation.start()) {
            String token = installation.newToken();
            try (Child http = installation.loadOverHttp(token);
                    Child jdbc = installation.loadOverJdbc(token)) {
                out.println("machine   " + Machine.words());
                out.println("database  " + Machine.words(installation.superuser()));
                out.printf(
                        "request   POST /api/content with %,d bytes of JSON, a bearer token and an Idempotency-Key%n",
                        LoadProcess.Example.read().json().length);
                out.printf("measured  %d pairs of turns of %d s, after %d s of each side%n", pairs, seconds, warmUp);
                for (Integer at : connections) {
                    int unmeasured = at.equals(connections.getFirst()) ? warmUp : seconds;
                    overHttp(installation, http, at, unmeasured);
                    overJdbc(installation, jdbc, at, unmeasured);
                    List<SideBySide.Pair> pairs = new ArrayList<>();
                    for (int i = 0; i < this.pairs; i++) {
                        pairs.add(new SideBySide.Pair(
                                overHttp(installation, http, at, seconds), overJdbc(installation, jdbc, at, seconds)));
                    }
                    show(new SideBySide("through the API", "bare JDBC", at, pairs));
                }
                return showStatements(installation, http) ? 0 : 1;
            }
        }
    }

    private static Turn overHttp(Installation installation, Child load, int connections, int seconds)
            throws IOException {
        return Turn.take(
                load, connections, seconds, installation::processorOfServer, installation::processorOfPostgres);
    }

    private static Turn overJdbc(Installation installation, Child load, int connections, int seconds)
            throws IOException {
        return Turn.take(load, connections, seconds, Turn.Worked.NOBODY, installation::processorOfPostgres);
    }

    private void show(SideBySide sides) {
        sides.show(out);
        Figures ratio = sides.ratio();
        out.printf(
                "ratio %s, so the aim of %.2f is %s%n", ratio.show(2), AIM, ratio.median() >= AIM ? "met" : "MISSED");
    }

    /** Whether a create is one statement, and so one round trip, in a transaction that it is alone in. */
    private boolean showStatements(Installation installation, Child http) throws IOException {
        Statements statements = new Statements(installation.superuser());
        statements.count(true);
        Turn.create(http, AT_ONCE_WHEN_COUNTED, 1);
        statements.forget();
        Said said = Turn.create(http, AT_ONCE_WHEN_COUNTED, seconds);
        List<Statements.Counted> counted = statements.counted();
        statements.count(false);
        long creates = calls(counted, Statements.Counted::creates);
        long transactions = calls(counted, Statements.Counted::isOfTransaction);
        out.printf(
                "%n%,d creates answered in %.1f s; meanwhile PostgreSQL ran for the server%n",
                said.round().creates(), said.round().elapsed().toNanos() / 1e9);
        out.printf("  %,9d times the statement that creates%n", creates);
        out.printf(
                "  %,9d times the look-up of the token, remembered for half a second%n",
                calls(counted, Statements.Counted::looksUpToken));
        out.printf("  %,9d times BEGIN, COMMIT and their like%n", transactions);
        out.printf(
                "  %,9d times something else, which is the dispatcher's looking for what is due%n",
                calls(counted, Statements.Counted::isSomethingElse));
        boolean one = creates == said.round().creates() && transactions == 0;
        out.printf("so a create is %s%n", one ? "one statement, in one round trip" : "NOT one statement");
        return one;
    }

    private static long calls(List<Statements.Counted> counted, Predicate<Statements.Counted> which) {
        return counted.stream()
                .filter(which)
                .mapToLong(Statements.Counted::calls)
                .sum();
    }
}
