package dev.imprimatur.publishing.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A program of the operating system or of PostgreSQL, run to its end, interrupted or not. */
record Command(int exitCode, List<String> output) {
    static Command run(List<String> words) {
        try {
            Process process = prepare(words).start();
            process.getOutputStream().close();
            List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return new Command(process.onExit().join().exitValue(), output);
        } catch (IOException e) {
            return new Command(127, List.of(String.valueOf(e.getMessage())));
        }
    }

    /** Free of the caller's PGDATA, PGPORT, PGOPTIONS and language. */
    static ProcessBuilder prepare(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    boolean succeeded() {
        return exitCode == 0;
    }

    String lastLine() {
        return output.isEmpty() ? "exit code " + exitCode : output.getLast();
    }

    /** Java can only terminate or kill; PostgreSQL's clean fast shutdown is an interrupt. */
    static void signal(String signal, long pid) {
        run(List.of("/bin/sh", "-c", "kill -" + signal + " " + pid));
    }

    /** Waits through interrupts: what is waited for here keeps data whole. */
    static boolean await(Duration atMost, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(atMost);
        boolean interrupted = false;
        try {
            while (!condition.getAsBoolean()) {
                if (Instant.now().isAfter(deadline)) {
                    return false;
                }
                try {
                    Thread.sleep(10);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
