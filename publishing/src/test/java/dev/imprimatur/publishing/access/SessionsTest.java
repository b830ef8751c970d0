package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.database.TestDatabase;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final Set<Session.Method> BY_PASSWORD = Set.of(Session.Method.PASSWORD);

    private final TestDatabase database = TestDatabase.create();
    private final Sessions sessions = replica();
    private final People people = new People(database.app());
    private final Person olga = people.add("olga", Set.of(Role.OPERATOR));
    private final Person mona = people.addManager("mona", Set.of(Role.APPROVER));

    @AfterEach
    void close() {
        database.close();
    }

    private Sessions replica() {
        return new Sessions(database.app(), Sessions.Limits.USUAL);
    }

    @Test
    void opensToWhoHoldsTheIdAndToNobodyElse() {
        Sessions.Opened opened = sessions.open(olga, BY_PASSWORD, "Firefox", null);

        Session found = sessions.find(opened.secret()).orElseThrow();
        assertThat(found.person()).isEqualTo(olga);
        assertThat(found.methods()).isEqualTo(BY_PASSWORD);
        assertThat(found.userAgent()).isEqualTo("Firefox");
        assertThat(sessions.find("")).isEmpty();
        assertThat(sessions.find(opened.session().id().toString())).isEmpty();
        assertThat(sessions.find(RandomSecret.make())).isEmpty();
        assertThat(sessions.find(RandomSecret.sha256(opened.secret()))).isEmpty();
    }

    @Test
    void storesNoIdThatCouldBeUsed() {
        Sessions.Opened opened = sessions.open(olga, BY_PASSWORD, null, null);

        String rows = database.superuser()
                .withHandle(handle -> handle.createQuery(
                                "SELECT s::text || (SELECT string_agg(a::text, '') FROM audit a)" + " FROM sessions s")
                        .mapTo(String.class)
                        .one());
        assertThat(rows).contains("session.opened").doesNotContain(opened.secret());
        assertThat(opened.toString()).doesNotContain(opened.secret());
    }

    @Test
    void givesANewIdAtEachLogin() {
        Sessions.Opened before = sessions.begin();
        assertThat(sessions.find(before.secret()).orElseThrow().person()).isNull();
        assertThat(Sessions.principal(before.session())).isEmpty();

        Sessions.Opened first = sessions.open(olga, BY_PASSWORD, null, before.session());
        Sessions.Opened second = sessions.open(olga, BY_PASSWORD, null, first.session());

        assertThat(Set.of(before.secret(), first.secret(), second.secret())).hasSize(3);
        assertThat(sessions.find(before.secret())).isEmpty();
        assertThat(sessions.find(first.secret())).isEmpty();
        assertThat(sessions.find(second.secret())).isPresent();
    }

    @Test
    void endsWithAChangeOfRoles() {
        Sessions.Opened opened = sessions.open(olga, BY_PASSWORD, null, null);
        people.setRoles(olga, Set.of(Role.OPERATOR));
        assertThat(replica().find(opened.secret())).isPresent();

        people.setRoles(olga, Set.of(Role.VIEWER));

        assertThat(replica().find(opened.secret())).isEmpty();
    }

    @Test
    void endsWhenNobodyUsesIt() {
        Sessions.Opened opened = sessions.open(olga, BY_PASSWORD, null, null);
        age("last_seen_at", "29 minutes");
        assertThat(replica().find(opened.secret())).isPresent();
        assertThat(replica().find(opened.secret()).orElseThrow().lastSeenAt())
                .as("seen just now")
                .isAfter(opened.session().createdAt().minusSeconds(60));

        age("last_seen_at", "31 minutes");
        assertThat(replica().find(opened.secret())).isEmpty();
        assertThat(replica().of(olga)).isEmpty();
    }

    @Test
    void endsAfterItsTimeHoweverBusyItIs() {
        Sessions.Opened opened = sessions.open(olga, BY_PASSWORD, null, null);
        assertThat(Duration.between(
                        opened.session().createdAt(), opened.session().expiresAt()))
                .isEqualTo(Duration.ofHours(12));
        age("expires_at", "1 second");

        assertThat(replica().find(opened.secret())).isEmpty();
        assertThat(replica().of(olga)).isEmpty();
    }

    @Test
    void endsWithThePerson() {
        Sessions.Opened opened = sessions.open(olga, BY_PASSWORD, null, null);
        database.superuser().useHandle(handle -> handle.execute("UPDATE people SET disabled_at = now()"));

        assertThat(replica().find(opened.secret())).isEmpty();
    }

    @Test
    void endsEverywhereWithinASecond() {
        AtomicLong time = new AtomicLong();
        Sessions other = new Sessions(database.app(), Sessions.Limits.USUAL, time::get);
        Sessions.Opened opened = sessions.open(olga, BY_PASSWORD, null, null);
        assertThat(other.find(opened.secret())).isPresent();

        sessions.revoke(
                Sessions.principal(opened.session()).orElseThrow(),
                olga.id(),
                opened.session().id());

        assertThat(sessions.find(opened.secret())).isEmpty();
        time.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(other.find(opened.secret())).isEmpty();
    }

    @Test
    void tellsWhoseItIsUntilItIsOver() {
        Session olgas = sessions.open(olga, BY_PASSWORD, null, null).session();
        Principal manager = Principal.atTheCommandLine(mona);
        assertThat(sessions.owner(olgas.id())).contains(olga.id());
        assertThat(sessions.owner(sessions.begin().session().id())).isEmpty();

        assertThatThrownBy(() -> sessions.revoke(manager, mona.id(), olgas.id()))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
        sessions.revoke(manager, olga.id(), olgas.id());

        assertThat(sessions.owner(olgas.id())).isEmpty();
    }

    @Test
    void endsAllOthersOfItsOwner() {
        Sessions.Opened mine = sessions.open(olga, BY_PASSWORD, null, null);
        Sessions.Opened lost = sessions.open(olga, BY_PASSWORD, null, null);
        Sessions.Opened monas = sessions.open(mona, BY_PASSWORD, null, null);

        assertThat(sessions.revokeOthers(Sessions.principal(mine.session()).orElseThrow()))
                .isEqualTo(1);

        assertThat(sessions.find(mine.secret())).isPresent();
        assertThat(sessions.find(lost.secret())).isEmpty();
        assertThat(sessions.find(monas.secret())).isPresent();
        assertThat(sessions.of(olga))
                .extracting(Session::id)
                .containsExactly(mine.session().id());
    }

    @Test
    void givesAKeptStepToOneOfAllWhoAskForIt() {
        Session session = sessions.begin().session();
        sessions.keep(session, "challenge", "{\"a\": 1}");
        sessions.keep(session, "state", "\"s\"");

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long taken = IntStream.range(0, 10)
                    .mapToObj(i -> threads.submit(() -> sessions.take(session, "challenge")))
                    .toList()
                    .stream()
                    .filter(future -> {
                        try {
                            return future.get().isPresent();
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    })
                    .count();
            assertThat(taken).isEqualTo(1);
        }
        assertThat(sessions.take(session, "state")).contains("\"s\"");
    }

    private void age(String column, String by) {
        database.superuser()
                .useHandle(
                        handle -> handle.execute("UPDATE sessions SET " + column + " = now() - interval '" + by + "'"));
    }
}
