package dev.imprimatur.publishing.publications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.IdempotencyKey;
import dev.imprimatur.publishing.content.IdempotencyKeys;
import dev.imprimatur.publishing.content.IdempotencyKeys.Answer;
import dev.imprimatur.publishing.content.IdempotencyKeys.Asked;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A key has one effect, and one answer, whatever happens to the thing, the connection or the request in between. */
class IdempotencyTest {
    private static final IdempotencyKey KEY = new IdempotencyKey("k");

    private final Newsroom newsroom = new Newsroom();
    private final IdempotencyKeys keys = new IdempotencyKeys(newsroom.jdbi);
    private final UUID content =
            newsroom.draft(newsroom.olga, "to talk about", null).id();

    @AfterEach
    void close() {
        newsroom.close();
    }

    @Test
    void askedAgainItGivesTheFirstAnswerAndDoesNothing() {
        Answer first = comment("once");
        assertThat(first.replayed()).isFalse();
        assertThat(comment("once")).isEqualTo(new Answer(201, "/there", "\"1\"", first.body(), true));
        assertThat(comments()).containsExactly("once");
    }

    @Test
    void anotherRequestUnderTheSameKeyIsRefused() {
        comment("once");
        refused(ErrorCode.IDEMPOTENCY_KEY_REUSED, () -> comment("twice"));
        assertThat(comments()).containsExactly("once");
    }

    @Test
    void aKeyIsOnePersonsAndOneRoutes() {
        comment("once");
        assertThat(keys.once(newsroom.anna, asked("once"), saying("anna's"), refusal -> kept(refusal))
                        .replayed())
                .isFalse();
        Asked elsewhere = new Asked("POST /elsewhere", KEY, "once");
        assertThat(keys.once(newsroom.olga, elsewhere, saying("elsewhere"), refusal -> kept(refusal))
                        .replayed())
                .isFalse();
        assertThat(comments()).containsExactly("once", "anna's", "elsewhere");
    }

    @Test
    void whileTheFirstIsRunningTheSecondIsTurnedAwayAtOnce() {
        keys.once(
                newsroom.olga,
                asked("once"),
                () -> {
                    elsewhere(() -> refused(ErrorCode.IDEMPOTENCY_KEY_BUSY, () -> comment("once")));
                    return saying("once").get();
                },
                refusal -> kept(refusal));
        assertThat(comments()).containsExactly("once");
    }

    @Test
    void contentIsTurnedAwayAtOnceToo() {
        String lock = newsroom.olga.id() + " POST /api/content k";
        newsroom.jdbi.useTransaction(handle -> {
            handle.createQuery("SELECT pg_advisory_xact_lock(hashtextextended(:lock, 0))::text")
                    .bind("lock", lock)
                    .mapTo(String.class)
                    .one();
            elsewhere(() -> refused(ErrorCode.IDEMPOTENCY_KEY_BUSY, this::create));
        });
        assertThat(create().replayed()).isFalse();
    }

    @Test
    void whatBreaksLeavesNothingBehind() {
        assertThatThrownBy(() -> keys.once(
                        newsroom.olga,
                        asked("once"),
                        () -> {
                            assertThat(saying("half done").get().replayed()).isFalse();
                            throw new IllegalStateException("broken");
                        },
                        refusal -> kept(refusal)))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
        assertThat(comments()).isEmpty();
        assertThat(comment("once").replayed()).isFalse();
    }

    @Test
    void badInputLeavesNothingBehindSoThatItCanBeMended() {
        refused(
                ErrorCode.INVALID_FIELD,
                () -> keys.once(newsroom.olga, asked(""), saying(""), refusal -> kept(refusal)));
        assertThat(comment("mended").replayed()).isFalse();
    }

    @Test
    void aRefusalForTheStateOfThingsIsAnAnswerAndTakesItsEffectBack() {
        Supplier<Answer> late = () -> {
            assertThat(saying("half done").get().replayed()).isFalse();
            newsroom.publications.cancel(newsroom.olga, UUID.fromString("00000000-0000-0000-0000-000000000000"));
            throw new AssertionError("there is no such publication");
        };
        Answer first = keys.once(newsroom.olga, asked("late"), late, refusal -> kept(refusal));
        assertThat(first.status()).isEqualTo(404);
        assertThat(comments()).isEmpty();
        Answer again = keys.once(newsroom.olga, asked("late"), saying("now it works"), refusal -> kept(refusal));
        assertThat(again).isEqualTo(new Answer(404, null, null, first.body(), true));
    }

    @Test
    void aFailedStatementOfTheEffectIsARefusalToo() {
        Content review = newsroom.submitted(newsroom.both, "mine");
        Answer first = keys.once(
                newsroom.both,
                asked("yes"),
                () -> {
                    newsroom.approve(newsroom.both, review);
                    throw new AssertionError("four eyes");
                },
                refusal -> kept(refusal));
        assertThat(first.body()).isEqualTo("FOUR_EYES");
    }

    @Test
    void aDayLaterItIsForgotten() {
        comment("once");
        Content.Created created = create();
        older("23 hours 59 minutes");
        assertThat(keys.sweep()).isZero();
        assertThat(create().content().id()).isEqualTo(created.content().id());
        assertThat(comment("once").replayed()).isTrue();

        older("1 minute");
        assertThat(comment("twice").replayed()).isFalse();
        Content.Created next = create();
        assertThat(next.replayed()).isFalse();
        assertThat(next.content().id()).isNotEqualTo(created.content().id());
        assertThat(create().content()).isEqualTo(next.content());

        older("24 hours");
        assertThat(keys.sweep()).isEqualTo(2);
    }

    @Test
    void contentIsToldAsItWasWhenItWasMade() {
        Content.Created created = create();
        newsroom.edit(newsroom.olga, created.content(), "other");
        newsroom.submissions.submit(newsroom.olga, created.content().id(), null);
        assertThat(create()).isEqualTo(new Content.Created(created.content(), true));
    }

    private Content.Created create() {
        return newsroom.drafts.create(
                newsroom.olga, Newsroom.manuscript("a"), new Content.Plan(List.of("paper"), null), KEY);
    }

    private Answer comment(String words) {
        return keys.once(newsroom.olga, asked(words), saying(words), refusal -> kept(refusal));
    }

    private static Asked asked(String words) {
        return new Asked("POST /comments", KEY, words);
    }

    private Supplier<Answer> saying(String words) {
        return () -> {
            newsroom.comments.add(newsroom.olga, content, words);
            return new Answer(201, "/there", "\"1\"", words + " said", false);
        };
    }

    private static Answer kept(RefusedException refused) {
        return new Answer(refused.code().status(), null, null, refused.code().name(), false);
    }

    private List<String> comments() {
        return newsroom.comments.of(content).stream()
                .map(comment -> comment.body())
                .toList();
    }

    private void older(String interval) {
        newsroom.database
                .superuser()
                .useHandle(handle -> handle.execute(
                        "UPDATE idempotency_keys SET created_at = created_at - interval '" + interval + "'"));
    }

    /** On another thread, and so on another connection. */
    private static void elsewhere(Runnable work) {
        java.util.concurrent.CompletableFuture.runAsync(work).join();
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
