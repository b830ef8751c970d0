package dev.imprimatur.publishing.access;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The sessions of browsers. The id in the cookie is 256 random bits, known to the database as its SHA-256 only. */
public final class Sessions {
    /** The end of a session is in force everywhere within this time. */
    private static final Duration CACHED = Duration.ofMillis(500);

    private static final int LONGEST_USER_AGENT = 200;

    private static final String COLUMNS =
            " s.id, s.methods, s.login_at, s.user_agent, s.created_at, s.last_seen_at, s.expires_at ";

    private final Jdbi jdbi;
    private final Limits limits;
    private final LoadingCache<String, Optional<Session>> cache;

    public Sessions(Jdbi jdbi, Limits limits) {
        this(jdbi, limits, Ticker.systemTicker());
    }

    Sessions(Jdbi jdbi, Limits limits, Ticker ticker) {
        this.jdbi = jdbi;
        this.limits = limits;
        this.cache = Caffeine.newBuilder()
                .expireAfterWrite(CACHED)
                .maximumSize(10_000)
                .ticker(ticker)
                .build(this::read);
    }

    /**
     * How long a session lasts.
     *
     * @param idle without a request
     * @param absolute at most, whatever happens
     * @param beforeLogin while it only carries a login through
     */
    public record Limits(Duration idle, Duration absolute, Duration beforeLogin) {
        public static final Limits USUAL =
                new Limits(Duration.ofMinutes(30), Duration.ofHours(12), Duration.ofMinutes(10));

        /** A session is marked as seen at most this often, so that reading stays reading. */
        private Duration seenEvery() {
            Duration tenth = idle.dividedBy(10);
            return tenth.compareTo(Duration.ofMinutes(1)) < 0 ? tenth : Duration.ofMinutes(1);
        }
    }

    /** A new session, and the id that opens it: the only time that it is seen. */
    public record Opened(String secret, Session session) {
        @Override
        public String toString() {
            return "Opened[***, " + session.id() + "]";
        }
    }

    /** A session without a person, for a login of several steps. */
    public Opened begin() {
        String secret = RandomSecret.make();
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH swept AS (
                            DELETE FROM sessions WHERE id IN (
                                SELECT id FROM sessions WHERE person IS NULL AND expires_at < now() LIMIT 20))
                        INSERT INTO sessions AS s (id, sha256, expires_at)
                        VALUES (:id, decode(:sha256, 'hex'), now() + make_interval(secs => :lasts))
                        RETURNING""" + COLUMNS)
                .bind("id", UUID.randomUUID())
                .bind("sha256", RandomSecret.sha256(secret))
                .bind("lasts", seconds(limits.beforeLogin()))
                .map((row, context) -> new Opened(secret, session(row, null)))
                .one());
    }

    /**
     * Lets somebody in, under a new id; the session they came with is over.
     *
     * @param before the session that the request came with, or null
     */
    public Opened open(
            Person person, Set<Session.Method> methods, @Nullable String userAgent, @Nullable Session before) {
        String secret = RandomSecret.make();
        Opened opened = jdbi.withHandle(handle -> handle.createQuery("""
                        WITH swept AS (
                            DELETE FROM sessions WHERE id IN (
                                SELECT id FROM sessions WHERE expires_at < now() - interval '7 days' LIMIT 100)),
                        over AS (
                            UPDATE sessions SET revoked_at = now() WHERE id = :before AND revoked_at IS NULL),
                        opened AS (
                            INSERT INTO sessions AS s (id, sha256, person, methods, login_at, user_agent, expires_at)
                            VALUES (:id, decode(:sha256, 'hex'), :person, :methods, now(), :user_agent, now() + make_interval(secs => :lasts))
                            RETURNING s.*),
                        audited AS (
                            INSERT INTO audit (actor, action, subject_kind, subject_id, details)
                            SELECT person, 'session.opened', 'session', id::text, jsonb_build_object('methods', methods)
                            FROM opened)
                        SELECT""" + COLUMNS + " FROM opened s")
                .bind("id", UUID.randomUUID())
                .bind("sha256", RandomSecret.sha256(secret))
                .bind("before", before == null ? null : before.id())
                .bind("person", person.id())
                .bindArray(
                        "methods",
                        String.class,
                        methods.stream().map(Session.Method::label).sorted().toList())
                .bind("user_agent", shortened(userAgent))
                .bind("lasts", seconds(limits.absolute()))
                .map((row, context) -> new Opened(secret, session(row, person)))
                .one());
        cache.invalidateAll();
        return opened;
    }

    /** The session that this id opens, unless it is unknown, over, or its person disabled. */
    public Optional<Session> find(String secret) {
        return RandomSecret.isOne(secret) ? cache.get(RandomSecret.sha256(secret)) : Optional.empty();
    }

    /** As whom a session acts; empty before a login. */
    public static Optional<Principal> principal(Session session) {
        return Optional.ofNullable(session.person()).map(person -> Principal.in(session, person));
    }

    private Optional<Session> read(String sha256) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH seen AS (
                            UPDATE sessions SET last_seen_at = now()
                            WHERE sha256 = decode(:sha256, 'hex') AND revoked_at IS NULL AND expires_at > now()
                              AND last_seen_at BETWEEN now() - make_interval(secs => :idle)
                                                   AND now() - make_interval(secs => :seen_every))
                        SELECT""" + COLUMNS + """
                            , s.person, p.name, p.roles, p.manages_people
                        FROM sessions s LEFT JOIN people p ON p.id = s.person
                        WHERE s.sha256 = decode(:sha256, 'hex') AND s.revoked_at IS NULL AND s.expires_at > now()
                          AND s.last_seen_at > now() - make_interval(secs => :idle) AND p.disabled_at IS NULL""")
                .bind("sha256", sha256)
                .bind("idle", seconds(limits.idle()))
                .bind("seen_every", seconds(limits.seenEvery()))
                .map((row, context) -> session(row, owner(row)))
                .findOne());
    }

    /** Somebody's sessions that are not over, the one used last first. */
    public List<Session> of(Person person) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT" + COLUMNS + """
                        FROM sessions s
                        WHERE s.person = :person AND s.revoked_at IS NULL AND s.expires_at > now()
                          AND s.last_seen_at > now() - make_interval(secs => :idle)
                        ORDER BY s.last_seen_at DESC, s.id""")
                .bind("person", person.id())
                .bind("idle", seconds(limits.idle()))
                .map((row, context) -> session(row, person))
                .list());
    }

    /** Whose session this is, unless it is over. */
    public Optional<UUID> owner(UUID session) {
        return jdbi.withHandle(handle ->
                handle.createQuery("""
                        SELECT person FROM sessions
                        WHERE id = :id AND person IS NOT NULL AND revoked_at IS NULL AND expires_at > now()""").bind("id", session).mapTo(UUID.class).findOne());
    }

    /**
     * Ends a session. Whether one may, the policy was asked before.
     *
     * @throws RefusedException NOT_FOUND when it is over already
     */
    public void revoke(Principal by, UUID owner, UUID session) {
        if (end(by, owner, session, null) == 0) {
            throw nothing(session);
        }
    }

    public static RefusedException nothing(UUID session) {
        return new RefusedException(ErrorCode.NOT_FOUND, "you have no session " + session);
    }

    /** Ends all of somebody's own sessions, but for the one that asks. */
    public int revokeOthers(Principal by) {
        return end(by, by.id(), null, by.session() == null ? null : by.session().id());
    }

    private int end(Principal by, UUID owner, @Nullable UUID only, @Nullable UUID keep) {
        int ended = jdbi.withHandle(handle -> handle.createUpdate("""
                        WITH ended AS (
                            UPDATE sessions SET revoked_at = now()
                            WHERE id = coalesce(:only, id) AND id IS DISTINCT FROM :keep AND revoked_at IS NULL
                              AND person = :owner
                            RETURNING id, person)
                        INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                        SELECT :by, :token, 'session.revoked', 'session', id::text, jsonb_build_object('person', person)
                        FROM ended""")
                .bind("only", only)
                .bind("keep", keep)
                .bind("by", by.id())
                .bind("token", by.token())
                .bind("owner", owner)
                .execute());
        cache.invalidateAll();
        return ended;
    }

    /** Keeps a step of a login, as JSON, until it is taken. */
    public void keep(Session session, String name, String json) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        UPDATE sessions SET attributes = jsonb_set(attributes, ARRAY[CAST(:name AS text)], CAST(:json AS jsonb))
                        WHERE id = :id AND revoked_at IS NULL""")
                .bind("name", name)
                .bind("json", json)
                .bind("id", session.id())
                .execute());
    }

    /** What was kept, once: of two requests that take it one gets it. */
    public Optional<String> take(Session session, String name) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH before AS (
                            SELECT id, attributes -> :name AS kept FROM sessions
                            WHERE id = :id AND jsonb_exists(attributes, :name) AND revoked_at IS NULL FOR UPDATE)
                        UPDATE sessions s SET attributes = s.attributes - :name FROM before
                        WHERE s.id = before.id RETURNING before.kept::text""")
                .bind("name", name)
                .bind("id", session.id())
                .mapTo(String.class)
                .findOne());
    }

    private static @Nullable Person owner(ResultSet row) throws SQLException {
        UUID id = row.getObject("person", UUID.class);
        return id == null ? null : People.person(id, row);
    }

    private static Session session(ResultSet row, @Nullable Person person) throws SQLException {
        OffsetDateTime login = row.getObject("login_at", OffsetDateTime.class);
        return new Session(
                row.getObject("id", UUID.class),
                person,
                Arrays.stream((String[]) row.getArray("methods").getArray())
                        .map(Session.Method::of)
                        .collect(Collectors.toSet()),
                login == null ? null : login.toInstant(),
                row.getString("user_agent"),
                instant(row, "created_at"),
                instant(row, "last_seen_at"),
                instant(row, "expires_at"));
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable String shortened(@Nullable String userAgent) {
        if (userAgent == null) {
            return null;
        }
        String printable = userAgent.replaceAll("\\p{Cntrl}", " ").strip();
        return printable.length() > LONGEST_USER_AGENT ? printable.substring(0, LONGEST_USER_AGENT) : printable;
    }
}
