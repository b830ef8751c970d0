package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.database.TestDatabase;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
    private static final String GOOD = "correct horse battery";
    private static final Argon2id.Cost CHEAP = new Argon2id.Cost(64, 1, 1);

    private final TestDatabase database = TestDatabase.create();
    private final Passwords passwords = new Passwords(database.app(), CHEAP, 2);
    private final Person olga = new People(database.app()).add("olga", Set.of(Role.OPERATOR));

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void knowsWhoHasThePassword() {
        passwords.set(olga, GOOD, null, null);

        assertThat(passwords.check("olga", GOOD)).contains(olga);
        assertThat(passwords.check("olga", GOOD + "!")).isEmpty();
        assertThat(passwords.check("Olga", GOOD)).isEmpty();
    }

    @Test
    void letsNobodyInWithoutAPassword() {
        assertThat(passwords.check("olga", "")).isEmpty();
        assertThat(passwords.check("nobody", GOOD)).isEmpty();
        assertThat(passwords.check("no\0body", GOOD)).isEmpty();
        assertThat(passwords.check("olga", "x".repeat(1_000_000))).isEmpty();
    }

    @Test
    void letsNobodyInWhoWasDisabled() {
        passwords.set(olga, GOOD, null, null);
        database.superuser().useHandle(handle -> handle.execute("UPDATE people SET disabled_at = now()"));

        assertThat(passwords.check("olga", GOOD)).isEmpty();
    }

    @Test
    void hashesAnewAtALoginWhenTheCostHasChanged() {
        new Passwords(database.app(), new Argon2id.Cost(32, 1, 1), 1).set(olga, GOOD, null, null);
        assertThat(stored()).contains("$m=32,t=1,p=1$");

        assertThat(passwords.check("olga", "wrong " + GOOD)).isEmpty();
        assertThat(stored()).contains("$m=32,t=1,p=1$");

        assertThat(passwords.check("olga", GOOD)).contains(olga);
        assertThat(stored()).contains("$m=64,t=1,p=1$");
        assertThat(passwords.check("olga", GOOD)).contains(olga);
    }

    @Test
    void takesAsLongForAnUnknownName() {
        Passwords real = new Passwords(database.app());
        real.set(olga, GOOD, null, null);
        long[] known = times(real, "olga");
        long[] unknown = times(real, "nobody");

        // Either computes one hash of some 30 ms or more; without that an unknown name takes less than a tenth.
        assertThat(unknown[unknown.length / 2])
                .isGreaterThan(known[known.length / 2] / 3)
                .isLessThan(known[known.length / 2] * 3);
    }

    private static long[] times(Passwords passwords, String name) {
        return IntStream.range(0, 7)
                .mapToLong(i -> {
                    long start = System.nanoTime();
                    assertThat(passwords.check(name, "wrong")).isEmpty();
                    return System.nanoTime() - start;
                })
                .sorted()
                .toArray();
    }

    @Test
    void servesManyAtOnceInTurn() {
        passwords.set(olga, GOOD, null, null);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var checks = IntStream.range(0, 50)
                    .mapToObj(i -> threads.submit(() -> passwords.check("olga", GOOD)))
                    .toList();
            assertThat(checks).allSatisfy(check -> assertThat(check.get()).contains(olga));
        }
    }

    @Test
    void turnsAwayWhoWouldWaitTooLong() {
        Passwords closed = new Passwords(database.app(), CHEAP, 0);

        assertThatThrownBy(() -> closed.check("olga", GOOD))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BUSY));
    }

    @Test
    void endsOtherSessionsWithTheOldPassword() {
        Sessions sessions = new Sessions(database.app(), Sessions.Limits.USUAL);
        Sessions.Opened mine = sessions.open(olga, Set.of(Session.Method.PASSWORD), null, null);
        Sessions.Opened other = sessions.open(olga, Set.of(Session.Method.PASSWORD), null, null);

        passwords.set(
                olga,
                GOOD,
                Sessions.principal(mine.session()).orElseThrow(),
                mine.session().id());

        Sessions elsewhere = new Sessions(database.app(), Sessions.Limits.USUAL);
        assertThat(elsewhere.find(mine.secret())).isPresent();
        assertThat(elsewhere.find(other.secret())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "elevenchars", "aaaaaaaaaaaaaaaaaaaaaa", "abababababababab"})
    void refusesWhatIsEasilyGuessed(String password) {
        assertThatThrownBy(() -> passwords.set(olga, password, null, null))
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_FIELD);
                    assertThat(refused.errors()).extracting("pointer").containsExactly("/password");
                });
    }

    @Test
    void keepsThePasswordOutOfTheDatabase() {
        passwords.set(olga, GOOD, null, null);

        String everything = database.superuser()
                .withHandle(handle -> handle.createQuery(
                                "SELECT string_agg(a::text, '') || (SELECT string_agg(p::text, '') FROM passwords p) FROM audit a")
                        .mapTo(String.class)
                        .one());
        assertThat(everything).contains("password.set").doesNotContain(GOOD);
        assertThat(Arrays.asList(Argon2id.of(GOOD, CHEAP).toString(), String.valueOf((Object) passwords)))
                .noneMatch(text -> text.contains("$"));
    }

    private String stored() {
        return database.superuser()
                .withHandle(handle -> handle.createQuery("SELECT phc FROM passwords")
                        .mapTo(String.class)
                        .one());
    }
}
