package dev.imprimatur.publishing.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;

/** A JVM of its own that holds a data folder until its standard input ends, or until it is killed. */
final class Holder implements AutoCloseable {
    private final Process process;

    private Holder(Process process) {
        this.process = process;
    }

    public static void main(String[] arguments) throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start(Path.of(arguments[0]))) {
            try (Connection connection = postgres.ownerUrl().connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE kept AS SELECT 42 AS answer");
            }
            System.out.println("ready");
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    static Holder of(Path folder) throws IOException {
        Holder holder = starting(folder);
        BufferedReader said =
                new BufferedReader(new InputStreamReader(holder.process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); !"ready".equals(line); line = said.readLine()) {
            if (line == null) {
                throw new IOException("The holder of " + folder + " ended before it was ready");
            }
        }
        return holder;
    }

    static Holder starting(Path folder) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new Holder(process);
    }

    long pid() {
        return process.pid();
    }

    /** As kill -9 does: nothing gets to clean up. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }
}
