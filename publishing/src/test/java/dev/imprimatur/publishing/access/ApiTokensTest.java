package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.database.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiTokensTest {
    private final TestDatabase database = TestDatabase.create();
    private final ApiTokens tokens = new ApiTokens(database.app());
    private final People people = new People(database.app());
    private final Person olga = people.add("olga", Set.of(Role.OPERATOR));
    private final Principal atHome = Principal.atTheCommandLine(olga);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void isShownOnceAndKeptAsAHash() {
        ApiTokens.Created created = tokens.create(atHome, ApiTokens.Wish.of(TokenKind.PERSONAL));

        assertThat(created.secret()).startsWith("imp_");
        assertThat(created.toString()).doesNotContain(created.secret());
        String rows = database.superuser()
                .withHandle(handle -> handle.createQuery(
                                "SELECT t::text || (SELECT string_agg(a::text, '') FROM audit a) FROM api_tokens t")
                        .mapTo(String.class)
                        .one());
        assertThat(rows)
                .doesNotContain(created.secret())
                .doesNotContain(created.secret().substring(4));
    }

    @Test
    void endsAtItsTime() {
        ApiTokens.Created created = tokens.create(
                atHome,
                new ApiTokens.Wish(
                        TokenKind.PERSONAL,
                        "for a day",
                        OutletScope.ALL,
                        Instant.now().plus(Duration.ofDays(1))));
        assertThat(tokens.principal(created.secret())).isPresent();

        database.superuser()
                .useHandle(handle -> handle.execute("UPDATE api_tokens SET expires_at = now() - interval '1 s'"));

        assertThat(new ApiTokens(database.app()).principal(created.secret())).isEmpty();
    }

    @Test
    void endsEverywhereWithinASecond() {
        AtomicLong time = new AtomicLong();
        ApiTokens other = new ApiTokens(database.app(), time::get);
        ApiTokens.Created created = tokens.create(atHome, ApiTokens.Wish.of(TokenKind.PERSONAL));
        assertThat(other.principal(created.secret())).isPresent();

        tokens.revoke(atHome, created.token().id());

        assertThat(tokens.principal(created.secret())).isEmpty();
        time.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(other.principal(created.secret())).isEmpty();
    }

    @Test
    void reachesTheOutletsThatItNames() {
        ApiTokens.Created created = tokens.create(atHome, wish(TokenKind.AGENT, List.of("feed")));

        Principal principal = tokens.principal(created.secret()).orElseThrow();
        assertThat(principal.kind()).isEqualTo(TokenKind.AGENT);
        assertThat(principal.scope().covers("feed")).isTrue();
        assertThat(principal.scope().covers("bluesky")).isFalse();
        assertThat(principal.scope().coversAll(List.of("feed", "bluesky"))).isFalse();
        assertThat(tokens.of(olga).getFirst().scope()).isEqualTo(OutletScope.of(List.of("feed")));
    }

    @Test
    void makesNoneThatReachesFurtherOrLivesLonger() {
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        Principal narrow = tokens.principal(tokens.create(
                                atHome,
                                new ApiTokens.Wish(
                                        TokenKind.PERSONAL, null, OutletScope.of(List.of("feed", "ghost")), tomorrow))
                        .secret())
                .orElseThrow();

        assertRefused(ErrorCode.INVALID_FIELD, () -> tokens.create(narrow, wish(TokenKind.PERSONAL, null, tomorrow)));
        assertRefused(
                ErrorCode.INVALID_FIELD,
                () -> tokens.create(narrow, wish(TokenKind.PERSONAL, List.of("feed", "bluesky"), tomorrow)));
        assertRefused(
                ErrorCode.INVALID_FIELD, () -> tokens.create(narrow, wish(TokenKind.PERSONAL, List.of("feed"), null)));
        assertRefused(
                ErrorCode.INVALID_FIELD,
                () -> tokens.create(narrow, wish(TokenKind.PERSONAL, List.of("feed"), tomorrow.plusSeconds(1))));
        assertThat(tokens.create(narrow, wish(TokenKind.PERSONAL, List.of("feed"), tomorrow.minusSeconds(1)))
                        .token()
                        .scope())
                .isEqualTo(OutletScope.of(List.of("feed")));
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertRefused(ErrorCode.INVALID_FIELD, () -> tokens.create(atHome, wish(TokenKind.PERSONAL, List.of())));
        assertRefused(
                ErrorCode.INVALID_FIELD,
                () -> tokens.create(
                        atHome, wish(TokenKind.PERSONAL, null, Instant.now().minusSeconds(1))));
        for (String name : List.of("", " ", "two\nlines", "n".repeat(101))) {
            assertRefused(
                    ErrorCode.INVALID_FIELD,
                    () -> tokens.create(atHome, new ApiTokens.Wish(TokenKind.PERSONAL, name, OutletScope.ALL, null)));
        }
    }

    @Test
    void tellsWhenItWasUsedAndWritesThatRarely() {
        String secret =
                tokens.create(atHome, ApiTokens.Wish.of(TokenKind.PERSONAL)).secret();
        assertThat(tokens.of(olga).getFirst().lastUsedAt()).isNull();

        new ApiTokens(database.app()).principal(secret);
        Instant first = tokens.of(olga).getFirst().lastUsedAt();
        assertThat(first).isNotNull();
        new ApiTokens(database.app()).principal(secret);
        assertThat(tokens.of(olga).getFirst().lastUsedAt()).isEqualTo(first);

        database.superuser()
                .useHandle(handle -> handle.execute("UPDATE api_tokens SET last_used_at = now() - interval '61 s'"));
        new ApiTokens(database.app()).principal(secret);
        assertThat(tokens.of(olga).getFirst().lastUsedAt()).isAfterOrEqualTo(first);
    }

    @Test
    void isEndedOnceAndStaysEnded() {
        ApiTokens.Created created = tokens.create(atHome, ApiTokens.Wish.of(TokenKind.PERSONAL));

        tokens.revoke(atHome, created.token().id());
        tokens.revoke(atHome, created.token().id());

        assertThat(tokens.principal(created.secret())).isEmpty();
        assertThat(audited("token.revoked")).isEqualTo(1);
        assertRefused(ErrorCode.NOT_FOUND, () -> tokens.revoke(atHome, UUID.randomUUID()));
    }

    @Test
    void whatIsNarrowedSeesNothingWider() {
        ApiTokens.Created wide = tokens.create(atHome, ApiTokens.Wish.of(TokenKind.PERSONAL));
        ApiTokens.Created feed = tokens.create(atHome, wish(TokenKind.PERSONAL, List.of("feed")));
        Principal narrow = tokens.principal(feed.secret()).orElseThrow();

        assertThat(tokens.owner(narrow, wide.token().id())).isEmpty();
        assertThat(tokens.owner(narrow, feed.token().id())).contains(olga.id());
        assertThat(tokens.owner(atHome, wide.token().id())).contains(olga.id());
    }

    private int audited(String action) {
        return database.app()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM audit WHERE action = :action")
                        .bind("action", action)
                        .mapTo(Integer.class)
                        .one());
    }

    private static ApiTokens.Wish wish(TokenKind kind, @Nullable List<String> outlets) {
        return wish(kind, outlets, null);
    }

    private static ApiTokens.Wish wish(TokenKind kind, @Nullable List<String> outlets, @Nullable Instant expires) {
        return new ApiTokens.Wish(kind, null, outlets == null ? OutletScope.ALL : OutletScope.of(outlets), expires);
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
