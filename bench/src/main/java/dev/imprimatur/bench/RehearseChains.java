package dev.imprimatur.bench;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.layout.Layouts;
import dev.imprimatur.migrations.rehearse.Rehearsal;
import dev.imprimatur.migrations.rehearse.Venue;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How fast a chain of migrations is rehearsed. */
@Command(
        name = "rehearse",
        description = "Rehearses a chain with rows and without, a naive script does it too, and tables grow in number.")
final class RehearseChains implements Callable<Integer> {
    private static final double AIM_A_SECOND = 5;
    private static final double AIM_OF_RATIO = 4;
    private static final double AIM_OF_GROWTH = 2;
    private static final int ROWS = 10;

    @Option(names = "--steps", description = "How many steps the chain has (${DEFAULT-VALUE}).")
    int steps = 200;

    @Option(names = "--turns", description = "How many times each side has its turn (${DEFAULT-VALUE}).")
    int turns = 1;

    @Option(names = "--warm-up", description = "Steps rehearsed unmeasured before all else (${DEFAULT-VALUE}).")
    int warmUp = 40;

    @Option(
            names = "--tables",
            split = ",",
            description = "For the curve: how many tables no step touches (${DEFAULT-VALUE}).")
    List<Integer> tables = List.of(10, 100, 1_000);

    @Option(names = "--curve-steps", description = "For the curve: transactional steps (${DEFAULT-VALUE}).")
    int curveSteps = 20;

    @Option(names = "--copied-steps", description = "For the curve: steps on copies (${DEFAULT-VALUE}).")
    int copiedSteps = 3;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws IOException, SQLException {
        try (ScratchServer server = ScratchServer.start()) {
            out.println("machine   " + Machine.words());
            out.println("database  " + Machine.words(server.jdbi()) + ", one server for both sides");
            Path chain = server.newFolder("chain");
            GeneratedChain.write(chain, steps);
            rehearsal(server, chain, "warm_up", of -> of.rows(ROWS).to(Integer.toString(Math.min(warmUp, steps))));
            withRows(server, chain);
            againstNaive(server, chain);
            curve(server);
            out.println("load average at the end: " + String.format(Locale.ROOT, "%.1f", Machine.load()));
            return 0;
        }
    }

    private interface Manner {
        Rehearsal of(Rehearsal rehearsal);
    }

    private static StepTimes rehearsal(ScratchServer server, Path chain, String name, Manner manner)
            throws SQLException {
        DatabaseUrl base = server.newDatabase(name);
        StepTimes times =
                StepTimes.of(manner.of(Rehearsal.of(Layouts.read(chain)).at(new Venue.CopiesOf(base))));
        server.drop(base);
        return times;
    }

    private void withRows(ScratchServer server, Path chain) throws SQLException {
        List<StepTimes> measured = new ArrayList<>();
        for (int i = 0; i < turns; i++) {
            measured.add(rehearsal(server, chain, "with_rows", of -> of.rows(ROWS)));
        }
        Figures rate = Figures.of(measured, StepTimes::perSecond);
        out.printf("%nwith %d rows a table: %d steps on %d tables%n", ROWS, steps, (steps + 1) / 2);
        out.printf("  steps a second               %s, the way back through the whole chain included%n", rate.show(1));
        out.printf(
                "  a step, ms                   %s%n",
                measured.getLast().milliseconds().show(0));
        out.printf(
                "  a step by tenths of the chain, ms   %s%n",
                tenths(measured.getLast().steps()));
        out.printf(
                "%.1f steps a second, so the aim of %.0f is %s%n",
                rate.median(), AIM_A_SECOND, verdict(rate.median() >= AIM_A_SECOND));
    }

    private void againstNaive(ScratchServer server, Path chain) throws IOException, SQLException {
        out.printf("%nwithout rows, beside bench/naive-rehearsal: %d steps%n", steps);
        Optional<String> client = NaiveScript.client();
        List<StepTimes> ours = new ArrayList<>();
        List<StepTimes> naive = new ArrayList<>();
        for (int i = 0; i < turns; i++) {
            ours.add(rehearsal(server, chain, "without_rows", Rehearsal::withoutRows));
            if (client.isPresent()) {
                DatabaseUrl base = server.newDatabase("naive");
                naive.add(NaiveScript.run(server, chain, base, steps));
                server.drop(base);
            }
        }
        show("rehearsed", ours);
        if (client.isEmpty()) {
            out.println("NOT COMPARED: there is no psql on the PATH (Debian: apt-get install postgresql-client)");
            return;
        }
        show("naive, " + client.get(), naive);
        Figures ratio = Figures.of(
                IntStream.range(0, turns).boxed().toList(),
                i -> StepTimes.seconds(naive.get(i).whole())
                        / StepTimes.seconds(ours.get(i).whole()));
        out.printf(
                "ratio %s, so the aim of %.0f is %s%n",
                ratio.show(1), AIM_OF_RATIO, verdict(ratio.median() >= AIM_OF_RATIO));
    }

    private void show(String side, List<StepTimes> measured) {
        out.printf(
                "  %-40s %s s, a step %s ms%n",
                side,
                Figures.of(measured, times -> StepTimes.seconds(times.whole())).show(1),
                measured.getLast().milliseconds().show(0));
    }

    private void curve(ScratchServer server) throws IOException, SQLException {
        out.printf("%nthe cost of a step beside tables that it does not touch, ms: median (least–most)%n");
        out.printf("  %10s  %24s  %24s%n", "tables", "in a transaction", "on copies");
        Path chain = server.newFolder("short");
        GeneratedChain.write(chain, curveSteps);
        Path copied = server.newFolder("copied");
        GeneratedChain.writeCopied(copied, copiedSteps);
        List<Double> medians = new ArrayList<>();
        for (Integer number : tables) {
            DatabaseUrl base = server.newDatabase("beside_" + number);
            server.run(base.database(), idle(number));
            Figures cheap = beside(base, chain);
            Figures dear = beside(base, copied);
            server.drop(base);
            medians.add(cheap.median());
            out.printf("  %,10d  %24s  %24s%n", number, cheap.show(0), dear.show(0));
        }
        double growth = medians.getLast() / medians.getFirst();
        out.printf(
                "%.1f × as dear beside %,d tables as beside %,d, so the aim of at most %.0f is %s%n",
                growth, tables.getLast(), tables.getFirst(), AIM_OF_GROWTH, verdict(growth <= AIM_OF_GROWTH));
    }

    private static Figures beside(DatabaseUrl base, Path chain) {
        return StepTimes.of(Rehearsal.of(Layouts.read(chain))
                        .at(new Venue.CopiesOf(base))
                        .rows(ROWS))
                .milliseconds();
    }

    /** Tables with the rows that they are to have, so that only the looking at them costs. */
    private static String idle(int number) {
        IntFunction<String> table = i -> GeneratedChain.table("idle_" + i)
                + "INSERT INTO idle_%d (id, name) SELECT n, 'row ' || n FROM generate_series(1, %d) n;"
                        .formatted(i, ROWS);
        return IntStream.range(0, number).mapToObj(table).collect(Collectors.joining("\n"));
    }

    private static String tenths(List<Duration> steps) {
        int size = Math.max(1, steps.size() / 10);
        return IntStream.range(0, Math.min(10, steps.size()))
                .mapToObj(i -> steps.subList(i * size, (i + 1) * size))
                .map(some -> Figures.of(some, step -> StepTimes.seconds(step) * 1000))
                .map(figures -> String.format(Locale.ROOT, "%.0f", figures.median()))
                .collect(Collectors.joining(", "));
    }

    private static String verdict(boolean met) {
        return met ? "met" : "MISSED";
    }
}
