package dev.imprimatur.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Two sides that had their turns in pairs, with so many connections each. */
record SideBySide(String ours, String theirs, int connections, List<Pair> pairs) {

    record Pair(Turn ours, Turn theirs) {
        double ratio() {
            return ours.perSecond() / theirs.perSecond();
        }

        double ratioOfProcessorTime() {
            return theirs.micros() / ours.micros();
        }
    }

    /** How many times as many creates a second as theirs. */
    Figures ratio() {
        return Figures.of(pairs, Pair::ratio);
    }

    void show(PrintStream out) {
        out.printf("%n%d at once: median (least–most)%n", connections);
        row(out, "", ours, theirs);
        row(out, "creates a second", 0, Turn::perSecond);
        row(
                out,
                "half are made within, ms",
                2,
                turn -> turn.said().round().median().toNanos() / 1e6);
        row(
                out,
                "99% are made within, ms",
                2,
                turn -> turn.said().round().slowest().toNanos() / 1e6);
        row(out, "processor time of one, µs", 0, Turn::micros);
        row(out, "  of the server", 0, turn -> turn.micros(turn.server()));
        row(out, "  of PostgreSQL", 0, turn -> turn.micros(turn.postgres()));
        row(out, "  of the load generator", 0, turn -> turn.micros(turn.said().processor()));
        row(out, "taken by other processes, %", 0, Turn::percentOfOthers);
        out.printf(
                "  the ratio of each pair        %s%n",
                pairs.stream()
                        .map(pair -> String.format(Locale.ROOT, "%.2f", pair.ratio()))
                        .collect(Collectors.joining(", ")));
        out.printf(
                "  the ratio by processor time   %s%n",
                Figures.of(pairs, Pair::ratioOfProcessorTime).show(2));
    }

    private void row(PrintStream out, String name, int decimals, ToDoubleFunction<Turn> figure) {
        row(
                out,
                name,
                show(Figures.of(pairs, pair -> figure.applyAsDouble(pair.ours())), decimals),
                show(Figures.of(pairs, pair -> figure.applyAsDouble(pair.theirs())), decimals));
    }

    private static void row(PrintStream out, String name, String ours, String theirs) {
        out.printf("  %-28s  %24s  %24s%n", name, ours, theirs);
    }

    private static String show(Figures figures, int decimals) {
        return figures.most() == 0 ? "none" : figures.show(decimals);
    }
}
