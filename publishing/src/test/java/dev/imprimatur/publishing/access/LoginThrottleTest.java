package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.database.TestDatabase;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
    private final TestDatabase database = TestDatabase.create();
    private final LoginThrottle throttle = new LoginThrottle(database.app());
    private final Person olga = new People(database.app()).add("olga", Set.of(Role.OPERATOR));

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void slowsGuessesAtOneAccountFromEverywhere() {
        for (int i = 0; i < 5; i++) {
            assertThat(throttle.attempt("olga", address("10.0.0." + i), null)).isEmpty();
        }
        assertThat(throttle.attempt("olga", address("10.0.0.5"), null)).isEmpty();
        assertThat(throttle.attempt("olga", address("10.0.0.6"), null)).isPresent();
        assertThat(throttle.attempt("otto", address("10.0.0.6"), null)).isEmpty();
    }

    @Test
    void makesEachWaitLongerThanTheOneBefore() {
        List<Long> waits = IntStream.range(0, 20)
                .mapToObj(i -> {
                    pass();
                    throttle.attempt("olga", address("10.0.0.1"), null);
                    return throttle.attempt("olga", address("10.0.0.1"), null);
                })
                .flatMap(Optional::stream)
                .map(Duration::toSeconds)
                .toList();

        assertThat(waits)
                .startsWith(2L, 4L, 8L, 16L)
                .isSorted()
                .endsWith(900L, 900L)
                .hasSizeGreaterThan(10);
    }

    @Test
    void countsNamesThatNobodyHasTheSameWay() {
        for (int i = 0; i < 6; i++) {
            throttle.attempt("nobody", address("10.0.0." + i), null);
        }
        assertThat(throttle.attempt("nobody", address("10.0.0.9"), null)).isPresent();
        assertThat(throttle.attempt("no\0body", address("10.0.0.9"), null)).isEmpty();
    }

    @Test
    void slowsGuessesAtManyAccountsFromOneAddress() {
        for (int i = 0; i < 31; i++) {
            assertThat(throttle.attempt("person " + i, address("10.0.0.1"), null))
                    .isEmpty();
        }
        assertThat(throttle.attempt("another", address("10.0.0.1"), null)).isPresent();
        assertThat(throttle.attempt("another", address("10.0.0.2"), null)).isEmpty();
    }

    @Test
    void countsANetworkOfIpv6AsOneAddress() {
        for (int i = 0; i < 31; i++) {
            throttle.attempt("person " + i, address("2001:db8:1:1::" + i), null);
        }
        assertThat(throttle.attempt("another", address("2001:db8:1:1:ffff::1"), null))
                .isPresent();
        assertThat(throttle.attempt("another", address("2001:db8:1:2::1"), null))
                .isEmpty();
    }

    @Test
    void locksNobodyOutOfADeviceTheyKnow() {
        String device = throttle.succeeded(olga, address("10.0.0.1"), null);
        for (int i = 0; i < 40; i++) {
            throttle.attempt("olga", address("10.9.0." + i), null);
        }
        assertThat(throttle.attempt("olga", address("10.0.0.1"), null))
                .as("a stranger")
                .isPresent();

        assertThat(throttle.attempt("olga", address("10.0.0.1"), device)).isEmpty();
    }

    @Test
    void countsAKnownDeviceToo() {
        String device = throttle.succeeded(olga, address("10.0.0.1"), null);
        for (int i = 0; i < 6; i++) {
            assertThat(throttle.attempt("olga", address("10.0.0." + i), device)).isEmpty();
        }
        assertThat(throttle.attempt("olga", address("10.0.0.1"), device)).isPresent();
    }

    @Test
    void takesADeviceForItsOwnerOnly() {
        Person eve = new People(database.app()).add("eve", Set.of(Role.OPERATOR));
        String eves = throttle.succeeded(eve, address("10.0.0.1"), null);
        for (int i = 0; i < 6; i++) {
            throttle.attempt("olga", address("10.0.1." + i), eves);
        }

        assertThat(throttle.attempt("olga", address("10.0.0.1"), eves)).isPresent();
        throttle.succeeded(olga, address("10.0.0.1"), eves);
        assertThat(throttle.attempt("eve", address("10.0.0.1"), eves)).isEmpty();
    }

    @Test
    void forgivesWhoWasRight() {
        for (int i = 0; i < 6; i++) {
            throttle.attempt("olga", address("10.0.0.1"), null);
        }
        pass();
        throttle.succeeded(olga, address("10.0.0.1"), null);

        assertThat(throttle.attempt("olga", address("10.0.0.1"), null)).isEmpty();
        assertThat(throttle.attempt("olga", address("10.0.0.1"), null)).isEmpty();
    }

    @Test
    void forgetsAfterADay() {
        for (int i = 0; i < 6; i++) {
            throttle.attempt("olga", address("10.0.0.1"), null);
        }
        database.superuser()
                .useHandle(handle -> handle.execute(
                        "UPDATE login_failures SET last_at = now() - interval '25 hours', blocked_until = last_at"));

        assertThat(throttle.attempt("olga", address("10.0.0.1"), null)).isEmpty();
        assertThat(throttle.attempt("olga", address("10.0.0.1"), null)).isEmpty();
    }

    @Test
    void givesAHundredAtOnceNoMoreFreeGuesses() throws Exception {
        int free = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Duration>>> attempts = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> throttle.attempt("olga", address("10.0.0.1"), null)))
                    .toList();
            for (Future<Optional<Duration>> attempt : attempts) {
                free += attempt.get().isEmpty() ? 1 : 0;
            }
        }
        assertThat(free).isBetween(1, 6);
    }

    /** As if every wait were over. */
    private void pass() {
        database.superuser().useHandle(handle -> handle.execute("UPDATE login_failures SET blocked_until = last_at"));
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
