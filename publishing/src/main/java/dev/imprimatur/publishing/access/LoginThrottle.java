package dev.imprimatur.publishing.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Slows guessing down, per account and per address, for all replicas together. After a few free guesses each one more
 * doubles the wait, up to a quarter of an hour.
 *
 * <p>Strangers cannot lock anybody out by guessing: a device on which a person has logged in before is counted by itself.
 */
public final class LoginThrottle {
    private static final int FREE_OF_ACCOUNT = 5;
    /** Whole offices come from one address. */
    private static final int FREE_OF_ADDRESS = 30;

    private final Jdbi jdbi;

    public LoginThrottle(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    private record Counter(String counted, String sha256, int free) {}

    /**
     * Counts one guess as failed, before it is looked at, so that a thousand at once are not all free. Whoever was right
     * says so afterwards, by {@link #succeeded}.
     *
     * @param name as it was typed, whether or not there is such a person
     * @param device what the browser says it is, or null
     * @return how long to wait; empty when this guess may be made, and only then it was counted
     */
    public Optional<Duration> attempt(String name, InetAddress address, @Nullable String device) {
        List<Counter> counters = isKnown(name, device)
                ? List.of(new Counter("device", RandomSecret.sha256(String.valueOf(device)), FREE_OF_ACCOUNT))
                : List.of(
                        new Counter("account", RandomSecret.sha256(name), FREE_OF_ACCOUNT),
                        new Counter("address", RandomSecret.sha256(network(address)), FREE_OF_ADDRESS));
        return count(counters);
    }

    private Optional<Duration> count(List<Counter> counters) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH asked AS (
                            SELECT counted, decode(hex, 'hex') AS sha256, free
                            FROM unnest(CAST(:counted AS text[]), CAST(:sha256s AS text[]), CAST(:free AS integer[]))
                                AS a (counted, hex, free)),
                        forgotten AS (
                            DELETE FROM login_failures WHERE (counted, sha256) IN (
                                SELECT counted, sha256 FROM login_failures
                                WHERE last_at < now() - interval '2 days' LIMIT 100)),
                        blocked AS (
                            SELECT max(f.blocked_until) AS until
                            FROM login_failures f JOIN asked USING (counted, sha256)
                            WHERE f.blocked_until > clock_timestamp()),
                        counted AS (
                            INSERT INTO login_failures AS f (counted, sha256, failures, last_at, blocked_until)
                            SELECT counted, sha256, 1, clock_timestamp(), clock_timestamp() FROM asked
                            WHERE (SELECT until FROM blocked) IS NULL
                            ORDER BY counted
                            ON CONFLICT (counted, sha256) DO UPDATE SET
                                failures = CASE WHEN f.last_at < now() - interval '1 day' THEN 1 ELSE f.failures + 1 END,
                                last_at = clock_timestamp(),
                                blocked_until = clock_timestamp() + CASE
                                    WHEN f.last_at < now() - interval '1 day' THEN interval '0'
                                    ELSE make_interval(secs => least(900, floor(2 ^ least(20,
                                        f.failures - (SELECT free FROM asked WHERE asked.counted = f.counted))))) END
                            WHERE f.blocked_until <= clock_timestamp()
                            RETURNING 1)
                        SELECT CASE WHEN count(*) < cardinality(CAST(:counted AS text[]))
                            THEN coalesce(extract(epoch FROM (SELECT until FROM blocked) - clock_timestamp()), 1) END
                        FROM counted""")
                .bindArray("counted", String.class, column(counters, Counter::counted))
                .bindArray("sha256s", String.class, column(counters, Counter::sha256))
                .bindArray("free", Integer.class, column(counters, Counter::free))
                .map((row, context) -> {
                    double wait = row.getDouble(1);
                    return row.wasNull()
                            ? Optional.<Duration>empty()
                            : Optional.of(Duration.ofSeconds(Math.max(1, (long) Math.ceil(wait))));
                })
                .one());
    }

    /**
     * The guess was right: it is not held against the account, and this browser is known from now on.
     *
     * @param device what the browser said it is, or null
     * @return what the browser is to say it is
     */
    public String succeeded(Person person, InetAddress address, @Nullable String device) {
        String known = device != null && RandomSecret.isOne(device) ? device : RandomSecret.make();
        jdbi.useHandle(handle -> handle.createUpdate("""
                        WITH forgiven AS (
                            DELETE FROM login_failures
                            WHERE (counted = 'account' AND sha256 = decode(:account, 'hex'))
                               OR (counted = 'device' AND sha256 = decode(:device, 'hex'))),
                        one_less AS (
                            UPDATE login_failures SET failures = failures - 1, blocked_until = last_at
                            WHERE counted = 'address' AND sha256 = decode(:address, 'hex') AND failures > 1),
                        swept AS (
                            DELETE FROM known_devices WHERE last_seen_at < now() - interval '180 days')
                        INSERT INTO known_devices AS d (sha256, person) VALUES (decode(:device, 'hex'), :person)
                        ON CONFLICT (sha256) DO UPDATE SET last_seen_at = now() WHERE d.person = excluded.person""")
                .bind("account", RandomSecret.sha256(person.name()))
                .bind("address", RandomSecret.sha256(network(address)))
                .bind("device", RandomSecret.sha256(known))
                .bind("person", person.id())
                .execute());
        return known;
    }

    private boolean isKnown(String name, @Nullable String device) {
        return device != null
                && RandomSecret.isOne(device)
                && jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT EXISTS (
                            SELECT FROM known_devices d JOIN people p ON p.id = d.person
                            WHERE d.sha256 = decode(:device, 'hex') AND p.name = :name
                              AND d.last_seen_at > now() - interval '180 days')""")
                        .bind("device", RandomSecret.sha256(device))
                        .bind("name", name.replace('\0', ' '))
                        .mapTo(Boolean.class)
                        .one());
    }

    /** Whoever has one address of IPv6 has a whole /64 of them. */
    private static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }

    private static <T> List<T> column(List<Counter> counters, Function<Counter, T> of) {
        return counters.stream().map(of).toList();
    }
}
