package dev.imprimatur.bench;

import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.publishing.database.Database;
import dev.imprimatur.publishing.database.DatabaseUrl;
import dev.imprimatur.publishing.database.LocalPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/** The product as {@code ./imprimatur serve} starts it, on an embedded PostgreSQL and a data folder of its own. */
final class Installation implements AutoCloseable {
    private final Path data;
    private final Child server;
    private final URI url;
    private final LocalPostgres postgres;

    private Installation(Path data, Child server, URI url) {
        this.data = data;
        this.server = server;
        this.url = url;
        this.postgres = LocalPostgres.connectOrStart(data);
    }

    static Installation start() throws IOException, SQLException {
        Path data = Files.createTempDirectory("imprimatur-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(data)));
        loadStatistics(data);
        Path home = Path.of(System.getProperty("imprimatur.home", "."));
        Child server = Child.start(
                "the server",
                List.of(home.resolve("imprimatur").toString(), "serve", "--data", data.toString(), "--port", "0"),
                // Every request is counted, and none refused.
                Map.of(
                        "IMPRIMATUR_CLASS_PATH",
                        System.getProperty("java.class.path"),
                        "IMPRIMATUR_RATE_LIMIT_PERSON_WRITE",
                        "1000000/1s"));
        String said = server.answer();
        return new Installation(data, server, URI.create(said.substring(said.indexOf("http"))));
    }

    /** They count every statement, but only when told to, so that what is measured runs without them. */
    private static void loadStatistics(Path data) throws SQLException {
        try (LocalPostgres postgres = LocalPostgres.start(data);
                Connection connection = postgres.superuserUrl().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA bench");
            statement.execute("CREATE EXTENSION pg_stat_statements SCHEMA bench");
            statement.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'");
            statement.execute("ALTER SYSTEM SET pg_stat_statements.track = 'none'");
        }
    }

    Jdbi superuser() {
        return Database.jdbi(postgres.superuserUrl()::connect);
    }

    /** A database of this server for a rival, who owns it. */
    DatabaseUrl newDatabase(String name) {
        String password = UUID.randomUUID().toString();
        superuser().useHandle(handle -> {
            handle.execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + password + "'");
            handle.execute("CREATE DATABASE " + name + " OWNER " + name);
        });
        return new DatabaseUrl("127.0.0.1", postgres.port(), name, name, password, new TreeMap<>());
    }

    String newToken() {
        Jdbi owner = Database.jdbi(postgres.ownerUrl()::connect);
        People people = new People(owner);
        return new ApiTokens(owner).create(people.add("writer", Set.of(Role.OPERATOR)), TokenKind.PERSONAL);
    }

    Child loadOverHttp(String token) throws IOException {
        return load("the HTTP load", token, List.of("--server", url.toString()));
    }

    Child loadDirectus(Directus directus) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--target", Target.DIRECTUS.name()));
        directus.urls().forEach(server -> arguments.addAll(List.of("--server", server.toString())));
        return load("the HTTP load of Directus", directus.token(), arguments);
    }

    Child loadOverJdbc(String token) throws IOException {
        return load("the JDBC load", token, List.of());
    }

    private Child load(String name, String token, List<String> more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("load", "--data", data.toString()));
        arguments.addAll(more);
        Child child = Child.bench(name, arguments);
        child.tell(token);
        return child;
    }

    Duration processorOfServer() {
        return Machine.processor(server.handle());
    }

    Duration processorOfPostgres() throws IOException {
        long pid = Long.parseLong(Files.readAllLines(data.resolve("postgres").resolve("postmaster.pid"))
                .getFirst()
                .strip());
        return Machine.processorWithChildren(ProcessHandle.of(pid).orElseThrow());
    }

    @Override
    public void close() {
        postgres.close();
        server.close();
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println(folder + " is left behind: " + e);
        }
    }
}
