package dev.imprimatur.publishing.database;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/**
 * A database of its own for each test, with this project's schema and roles, on one throw-away PostgreSQL 17 a JVM.
 * Tests speak as the app's role, as the server does.
 */
public final class TestDatabase implements AutoCloseable {
    private static final String TEMPLATE = "imprimatur_template";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final HikariDataSource pool = new HikariDataSource();

    private TestDatabase(String name) {
        this.name = name;
        pool.setJdbcUrl(url(name, "imprimatur_app", Server.POSTGRES));
        pool.setMinimumIdle(0);
        pool.setMaximumPoolSize(16);
    }

    /** Started once, and stopped with the JVM. */
    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .start();
                migrate(postgres);
                return postgres;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                throw new IllegalStateException("the schema cannot be made", e);
            }
        }

        private static void migrate(EmbeddedPostgres postgres) throws IOException, SQLException {
            try (Connection admin = DriverManager.getConnection(url("postgres", "postgres", postgres));
                    Statement statement = admin.createStatement()) {
                statement.execute("CREATE DATABASE " + TEMPLATE);
            }
            Path db = Path.of(System.getProperty("imprimatur.home", ".."), "db");
            try (Connection owner = DriverManager.getConnection(url(TEMPLATE, "postgres", postgres));
                    Statement statement = owner.createStatement();
                    Stream<Path> files = Files.list(db.resolve("migrations"))) {
                List<Path> forward = files.filter(file -> file.toString().endsWith(".sql")
                                && !file.toString().endsWith(".down.sql"))
                        .sorted()
                        .toList();
                for (Path file : forward) {
                    statement.execute(Files.readString(file));
                }
                statement.execute(Files.readString(db.resolve("roles.sql")));
                statement.execute("ALTER ROLE imprimatur_app LOGIN");
            }
        }
    }

    public static TestDatabase create() {
        String name = "test_" + COUNT.incrementAndGet();
        try (Connection admin = connect("postgres", "postgres");
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
            return new TestDatabase(name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For tests of the outlet alone, which speak of no publication. */
    public TestDatabase withoutTheFeedsGate() {
        superuser().useHandle(handle -> handle.execute("ALTER TABLE feed_entries DISABLE TRIGGER feed_entries_gate"));
        return this;
    }

    /** As the server connects: the role that owns nothing. */
    public Jdbi app() {
        return Database.jdbi(pool::getConnection);
    }

    /** As the superuser, for what only a test may do. */
    public Jdbi superuser() {
        return Database.jdbi(() -> connect(name, "postgres"));
    }

    public String appUrl() {
        return "postgres://imprimatur_app@127.0.0.1:" + Server.POSTGRES.getPort() + "/" + name;
    }

    private static Connection connect(String database, String user) throws SQLException {
        return DriverManager.getConnection(url(database, user, Server.POSTGRES));
    }

    private static String url(String database, String user, EmbeddedPostgres postgres) {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + database + "?user=" + user;
    }

    @Override
    public void close() {
        pool.close();
        try (Connection admin = connect("postgres", "postgres");
                Statement statement = admin.createStatement()) {
            statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
