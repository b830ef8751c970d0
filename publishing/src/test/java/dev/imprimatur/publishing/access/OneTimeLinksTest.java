package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.database.TestDatabase;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OneTimeLinksTest {
    private static final String PASSWORD = "correct horse battery";

    private final TestDatabase database = TestDatabase.create();
    private final Passwords passwords = new Passwords(database.app(), new Argon2id.Cost(64, 1, 1), 4);
    private final OneTimeLinks links = new OneTimeLinks(database.app(), passwords);
    private final People people = new People(database.app());

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void makesTheFirstAccountOnce() {
        String link = links.forTheFirst();
        assertThat(links.purpose(link).orElseThrow().name()).isEmpty();

        Person first = links.redeem(link, "olga", PASSWORD);

        assertThat(first.managesPeople()).isTrue();
        assertThat(passwords.check("olga", PASSWORD)).contains(first);
        assertDead(() -> links.redeem(link, "eve", PASSWORD));
    }

    @Test
    void makesNoSecondFirstAccount() {
        String link = links.forTheFirst();
        String printedAgain = links.forTheFirst();
        links.redeem(link, "olga", PASSWORD);

        assertThat(links.purpose(printedAgain)).isEmpty();
        assertDead(() -> links.redeem(printedAgain, "eve", PASSWORD));
    }

    @Test
    void makesOneFirstAccountOfManyLinksAtOnce() throws Exception {
        List<String> printed =
                IntStream.range(0, 8).mapToObj(i -> links.forTheFirst()).toList();
        int made = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Person>> redeemed = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> links.redeem(printed.get(i), "first " + i, PASSWORD)))
                    .toList();
            for (Future<Person> one : redeemed) {
                try {
                    one.get();
                    made++;
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(RefusedException.class);
                }
            }
        }
        assertThat(made).isEqualTo(1);
    }

    @Test
    void setsAPasswordAnewAndEndsWhatTheOldOneOpened() {
        Person olga = people.add("olga", Set.of(Role.OPERATOR));
        passwords.set(olga, "the old password", null, null);
        Sessions sessions = new Sessions(database.app(), Sessions.Limits.USUAL);
        Sessions.Opened thief = sessions.open(olga, Set.of(Session.Method.PASSWORD), null, null);
        String link = links.reset(olga, null);
        assertThat(links.purpose(link).orElseThrow().name()).contains("olga");

        assertThat(links.redeem(link, "another name", PASSWORD)).isEqualTo(olga);

        assertThat(passwords.check("olga", PASSWORD)).contains(olga);
        assertThat(passwords.check("olga", "the old password")).isEmpty();
        assertThat(sessions.find(thief.secret())).isEmpty();
        assertDead(() -> links.redeem(link, null, PASSWORD));
    }

    @Test
    void isNotUsedUpByAPasswordThatIsRefused() {
        String link = links.reset(people.add("olga", Set.of(Role.OPERATOR)), null);

        assertThatThrownBy(() -> links.redeem(link, null, "short")).isInstanceOf(RefusedException.class);

        assertThat(links.redeem(link, null, PASSWORD).name()).isEqualTo("olga");
    }

    @Test
    void diesAfterADay() {
        String link = links.reset(people.add("olga", Set.of(Role.OPERATOR)), null);
        database.superuser()
                .useHandle(handle -> handle.execute("UPDATE one_time_links SET expires_at = now() - interval '1 s'"));

        assertThat(links.purpose(link)).isEmpty();
        assertDead(() -> links.redeem(link, null, PASSWORD));
    }

    @Test
    void opensToNobodyElse() {
        links.forTheFirst();

        assertDead(() -> links.redeem(RandomSecret.make(), "eve", PASSWORD));
        assertDead(() -> links.redeem("", "eve", PASSWORD));
    }

    private static void assertDead(ThrowingCallable redeeming) {
        assertThatThrownBy(redeeming)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
    }
}
