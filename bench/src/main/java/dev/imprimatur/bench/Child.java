package dev.imprimatur.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of ours that is talked to by lines; it ends with {@link #close}, or with this process. */
final class Child implements AutoCloseable {
    private static final Duration TO_END = Duration.ofSeconds(60);

    private final String name;
    private final Process process;
    private final BufferedReader out;
    private final PrintWriter in;

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        this.out = process.inputReader(UTF_8);
        this.in = new PrintWriter(process.outputWriter(UTF_8), true);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    static Child start(String name, List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeIf(key -> key.startsWith("IMPRIMATUR_") || key.startsWith("DATABASE_"));
        builder.environment().putAll(environment);
        return start(name, builder);
    }

    static Child start(String name, ProcessBuilder builder) throws IOException {
        return new Child(name, builder.start());
    }

    /** One of this module's own commands, in a JVM of its own. */
    static Child bench(String name, List<String> arguments) throws IOException {
        ProcessHandle.Info us = ProcessHandle.current().info();
        List<String> command = new ArrayList<>(List.of(
                us.command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dimprimatur.home=" + System.getProperty("imprimatur.home", "."),
                "-cp",
                System.getProperty("java.class.path"),
                Bench.class.getName()));
        command.addAll(arguments);
        return start(name, command, Map.of());
    }

    void tell(String line) {
        in.println(line);
    }

    String answer() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new EOFException(name + " ended; what it said stands above");
        }
        return line;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        in.close();
        process.destroy();
        try {
            if (!process.waitFor(TO_END.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
