package dev.imprimatur.bench;

import dev.imprimatur.bench.LoadProcess.Said;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
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

    /** One turn, with the processor time that each process took for it. */
    private record Turn(Said said, Duration server, Duration postgres, Duration others) {
        double perSecond() {
            return said.round().creates() / (said.round().elapsed().toNanos() / 1e9);
        }

        double micros(Duration processor) {
            return processor.toNanos() / 1e3 / said.round().creates();
        }

        double percentOfOthers() {
            return 100.0
                    * others.toNanos()
                    / said.round().elapsed().toNanos()
                    / Runtime.getRuntime().availableProcessors();
        }

        double micros() {
            return micros(said.processor().plus(server).plus(postgres));
        }
    }

    private record Pair(Turn api, Turn jdbc) {
        double ratio() {
            return api.perSecond() / jdbc.perSecond();
        }

        double ratioOfProcessorTime() {
            return jdbc.micros() / api.micros();
        }
    }

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
                    turn(installation, http, at, unmeasured);
                    turn(installation, jdbc, at, unmeasured);
                    List<Pair> measured = new ArrayList<>();
                    for (int i = 0; i < pairs; i++) {
                        measured.add(
                                new Pair(turn(installation, http, at, seconds), turn(installation, jdbc, at, seconds)));
                    }
                    show(at, measured);
                }
                return showStatements(installation, http) ? 0 : 1;
            }
        }
    }

    private static Turn turn(Installation installation, Child load, int connections, int seconds) throws IOException {
        Duration server = installation.processorOfServer();
        Duration postgres = installation.processorOfPostgres();
        Duration busy = Machine.busy();
        Said said = create(load, connections, seconds);
        server = installation.processorOfServer().minus(server);
        postgres = installation.processorOfPostgres().minus(postgres);
        busy = Machine.busy().minus(busy);
        return new Turn(
                said, server, postgres, busy.minus(server).minus(postgres).minus(said.processor()));
    }

    private static Said create(Child load, int connections, int seconds) throws IOException {
        load.tell(connections + " " + seconds * 1000);
        return Said.parse(load.answer());
    }

    private void show(int connections, List<Pair> pairs) {
        List<Turn> api = pairs.stream().map(Pair::api).toList();
        List<Turn> jdbc = pairs.stream().map(Pair::jdbc).toList();
        Figures ratio = Figures.of(pairs, Pair::ratio);
        out.printf("%n%d at once: median (least–most)%n", connections);
        row("", "through the API", "bare JDBC");
        row("creates a second", api, jdbc, 0, Turn::perSecond);
        row(
                "half are made within, ms",
                api,
                jdbc,
                2,
                turn -> turn.said().round().median().toNanos() / 1e6);
        row(
                "99% are made within, ms",
                api, jdbc, 2, turn -> turn.said().round().slowest().toNanos() / 1e6);
        row("processor time of one, µs", api, jdbc, 0, Turn::micros);
        row("  of the server", show(api, 0, turn -> turn.micros(turn.server())), "none");
        row("  of PostgreSQL", api, jdbc, 0, turn -> turn.micros(turn.postgres()));
        row(
                "  of the load generator",
                api,
                jdbc,
                0,
                turn -> turn.micros(turn.said().processor()));
        row("taken by other processes, %", api, jdbc, 0, Turn::percentOfOthers);
        out.printf(
                "  the ratio of each pair        %s%n",
                pairs.stream()
                        .map(pair -> String.format(Locale.ROOT, "%.2f", pair.ratio()))
                        .collect(Collectors.joining(", ")));
        out.printf(
                "  the ratio by processor time   %s%n",
                Figures.of(pairs, Pair::ratioOfProcessorTime).show(2));
        out.printf(
                "ratio %s, so the aim of %.2f is %s%n", ratio.show(2), AIM, ratio.median() >= AIM ? "met" : "MISSED");
    }

    private void row(String name, List<Turn> api, List<Turn> jdbc, int decimals, ToDoubleFunction<Turn> figure) {
        row(name, show(api, decimals, figure), show(jdbc, decimals, figure));
    }

    private void row(String name, String api, String jdbc) {
        out.printf("  %-28s  %24s  %24s%n", name, api, jdbc);
    }

    private static String show(List<Turn> turns, int decimals, ToDoubleFunction<Turn> figure) {
        return Figures.of(turns, figure).show(decimals);
    }

    /** Whether a create is one statement, and so one round trip, in a transaction that it is alone in. */
    private boolean showStatements(Installation installation, Child http) throws IOException {
        Statements statements = new Statements(installation.superuser());
        statements.count(true);
        create(http, AT_ONCE_WHEN_COUNTED, 1);
        statements.forget();
        Said said = create(http, AT_ONCE_WHEN_COUNTED, seconds);
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
