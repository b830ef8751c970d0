package dev.imprimatur.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.imprimatur.migrations.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The rival: {@code bench/naive-rehearsal}, which needs psql. */
final class NaiveScript {
    private NaiveScript() {}

    /** What psql calls itself; empty where there is none. */
    static Optional<String> client() {
        try {
            Process psql = new ProcessBuilder("psql", "--version")
                    .redirectErrorStream(true)
                    .start();
            try (var said = psql.inputReader(UTF_8)) {
                return said.lines().findFirst();
            }
        } catch (IOException e) {
            // There is no such program: the caller says that nothing was compared, and what to install.
            return Optional.empty();
        }
    }

    static StepTimes run(ScratchServer server, Path chain, DatabaseUrl base, int steps) throws IOException {
        String script = Path.of(System.getProperty("imprimatur.home", "."), "bench", "naive-rehearsal")
                .toString();
        long start = System.nanoTime();
        try (Child child = Child.start(
                "the naive script",
                List.of(script, chain.toString(), base.database(), Integer.toString(steps)),
                server.environment())) {
            List<Duration> times = new java.util.ArrayList<>();
            for (int i = 0; i < steps; i++) {
                times.add(Duration.ofMillis(Long.parseLong(child.answer())));
            }
            return new StepTimes(times, Duration.ofNanos(System.nanoTime() - start));
        }
    }
}
