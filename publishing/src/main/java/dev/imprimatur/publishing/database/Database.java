package dev.imprimatur.publishing.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.Types;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;

/** A pool of connections that gives up in time: on a full pool, a lost server, a slow statement, a forgotten transaction. */
public final class Database implements AutoCloseable {
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbi = jdbi(pool::getConnection);
    }

    /**
     * How much a pool takes and how long it waits.
     *
     * @param name as the server shows it in {@code pg_stat_activity}
     */
    public record Limits(String name, int connections, Duration statement, Duration lock, Duration idleInTransaction) {
        public static Limits named(String name) {
            return new Limits(name, 10, Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(30));
        }

        public Limits withConnections(int connections) {
            return new Limits(name, connections, statement, lock, idleInTransaction);
        }

        private String options() {
            return "-c statement_timeout=" + statement.toMillis() + " -c lock_timeout=" + lock.toMillis()
                    + " -c idle_in_transaction_session_timeout=" + idleInTransaction.toMillis();
        }
    }

    /** Connects once, so that a wrong address or password shows here and not at the first request. */
    public static Database open(DatabaseUrl url, Limits limits) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(limits.name());
        config.setJdbcUrl(url.jdbcUrl());
        config.setDataSourceProperties(properties(url, limits));
        config.setMaximumPoolSize(limits.connections());
        config.setMinimumIdle(Math.min(2, limits.connections()));
        config.setConnectionTimeout(5_000);
        config.setValidationTimeout(2_000);
        try {
            return new Database(new HikariDataSource(config));
        } catch (PoolInitializationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("No connection to " + url + ": " + cause.getMessage(), cause);
        }
    }

    /** Jdbi as the stores of this project expect it, on whatever connections. */
    public static Jdbi jdbi(ConnectionFactory connections) {
        return Jdbi.create(connections).registerArgument(new UuidArguments());
    }

    /** Leaves the type of a null to the server, to which a uuid and a text are not the same. */
    private static final class UuidArguments extends AbstractArgumentFactory<UUID> {
        UuidArguments() {
            super(Types.OTHER);
        }

        @Override
        protected Argument build(UUID value, ConfigRegistry config) {
            return (position, statement, context) -> statement.setObject(position, value);
        }
    }

    public Jdbi jdbi() {
        return jdbi;
    }

    public DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }

    private static Properties properties(DatabaseUrl url, Limits limits) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", limits.name());
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("prepareThreshold", "3");
        // Only for an answer that never comes: the server's own timeout is to speak first.
        properties.setProperty("socketTimeout", Long.toString(limits.statement().toSeconds() + 15));
        properties.putAll(url.properties());
        String theirs = properties.getProperty("options", "");
        properties.setProperty("options", (limits.options() + " " + theirs).strip());
        return properties;
    }
}
