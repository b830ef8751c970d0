package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.Faults;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.KeyRing;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.policy.Action;
import dev.imprimatur.publishing.content.DueTime;
import dev.imprimatur.publishing.content.Position;
import dev.imprimatur.publishing.outlets.Outlets;
import dev.imprimatur.publishing.publications.Dispatcher;
import dev.imprimatur.publishing.publications.Publication;
import dev.imprimatur.publishing.publications.Publications;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/publications", produces = MediaType.APPLICATION_JSON_VALUE)
final class PublicationsApi {
    private final Publications publications;
    private final Outlets outlets;
    private final OutletReach reach;
    private final Dispatcher dispatcher;
    private final Clock clock;
    private final Cursor pages;

    PublicationsApi(
            Publications publications,
            Outlets outlets,
            OutletReach reach,
            Dispatcher dispatcher,
            Clock clock,
            Supplier<KeyRing> keys) {
        this.reach = reach;
        this.publications = publications;
        this.outlets = outlets;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.pages = new Cursor("publications", keys);
    }

    record Asked(
            @Nullable UUID contentId,
            @Nullable String outlet,
            @Nullable Integer revision,
            @Nullable String dueAt) {

        /** @throws RefusedException every fault at once; that a time is past is no reason alone */
        Meant meant(Outlets known, Instant now) {
            Faults faults = new Faults();
            if (contentId == null) {
                faults.add(ErrorCode.INVALID_FIELD, "/content_id", "say which content to publish");
            }
            if (outlet == null || !known.names().contains(outlet)) {
                faults.add(
                        outlet == null ? ErrorCode.INVALID_FIELD : ErrorCode.UNKNOWN_OUTLET,
                        "/outlet",
                        "say where: " + String.join(", ", known.names()));
            }
            DueTime due = faults.take(() -> ContentJson.due(dueAt, "/due_at", Instant.EPOCH));
            if (!faults.isEmpty()) {
                faults.take(() -> ContentJson.due(dueAt, "/due_at", now));
            }
            faults.refuse();
            return new Meant(Objects.requireNonNull(contentId), Objects.requireNonNull(outlet), revision, due);
        }
    }

    record Meant(
            UUID contentId,
            String outlet,
            @Nullable Integer revision,
            @Nullable DueTime due) {

        /** Judged when it is done: whoever repeats a request may do so after its time has come. */
        @Nullable
        DueTime future(Instant now) {
            return due == null ? null : ContentJson.due(due.toString(), "/due_at", now);
        }
    }

    record Moved(@Nullable String dueAt) {
        DueTime due(Instant now) {
            DueTime due = ContentJson.due(dueAt, "/due_at", now);
            if (due == null) {
                throw RefusedException.field("/due_at", "say when, such as 2026-12-01T09:00 Europe/Berlin");
            }
            return due;
        }
    }

    record PublicationJson(
            UUID id,
            UUID contentId,
            int revision,
            String outlet,
            String state,
            @Nullable String heldReason,
            ContentJson.@Nullable DueJson dueAt,
            String renditionSha256,
            @Nullable String externalId,
            @Nullable String url,
            @Nullable Instant publishedAt,
            Instant createdAt,
            Instant updatedAt) {
        static PublicationJson of(Publication publication) {
            return new PublicationJson(
                    publication.id(),
                    publication.contentId(),
                    publication.revision(),
                    publication.outlet(),
                    publication.state().label(),
                    publication.heldReason() == null
                            ? null
                            : publication.heldReason().label(),
                    ContentJson.DueJson.of(publication.due()),
                    publication.renditionSha256(),
                    publication.externalId(),
                    publication.url(),
                    publication.publishedAt(),
                    publication.createdAt(),
                    publication.updatedAt());
        }
    }

    @PostMapping
    @Requires(Action.SCHEDULE_PUBLICATION)
    ResponseEntity<byte[]> schedule(@AuthenticationPrincipal Principal principal, Once once, JsonBody<Asked> body) {
        Meant meant = body.read(asked -> asked.meant(outlets.within(principal.scope()), clock.instant()));
        reach.requireContent(principal, meant.contentId());
        ResponseEntity<byte[]> answer = once.make(principal, body, () -> {
            Publication publication = publications.schedule(
                    principal, meant.contentId(), meant.outlet(), meant.revision(), meant.future(clock.instant()));
            return new Once.Made("/api/publications/" + publication.id(), PublicationJson.of(publication));
        });
        dispatcher.wake();
        return answer;
    }

    @GetMapping
    @Requires(Action.READ_PUBLICATION)
    Cursor.Page<PublicationJson> list(
            @AuthenticationPrincipal Principal principal,
            @RequestParam(name = "content_id") @Nullable UUID contentId,
            @RequestParam @Nullable String state,
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String cursor) {
        int most = Cursor.limit(limit);
        Publication.State only = state == null ? null : Publication.State.of(state);
        return pages.page(
                publications.list(principal.scope(), contentId, only, pages.parse(cursor), most + 1),
                most,
                publication -> new Position(publication.createdAt(), publication.id()),
                PublicationJson::of);
    }

    @GetMapping("/{id}")
    @Requires(Action.READ_PUBLICATION)
    PublicationJson read(@PathVariable UUID id) {
        return PublicationJson.of(publications.get(id));
    }

    @GetMapping("/{id}/attempts")
    @Requires(Action.READ_PUBLICATION)
    ContentApi.Items<Publication.Attempt> attempts(@PathVariable UUID id) {
        return new ContentApi.Items<>(publications.attempts(id));
    }

    @PostMapping("/{id}/cancellation")
    @Requires(Action.CANCEL_PUBLICATION)
    PublicationJson cancel(@AuthenticationPrincipal Principal principal, @PathVariable UUID id) {
        return PublicationJson.of(publications.cancel(principal, id));
    }

    @PostMapping("/{id}/release")
    @Requires(Action.RELEASE_PUBLICATION)
    PublicationJson release(@AuthenticationPrincipal Principal principal, @PathVariable UUID id) {
        Publication publication = publications.release(principal, id);
        dispatcher.wake();
        return PublicationJson.of(publication);
    }

    @PutMapping("/{id}/schedule")
    @Requires(Action.RESCHEDULE_PUBLICATION)
    PublicationJson reschedule(
            @AuthenticationPrincipal Principal principal, @PathVariable UUID id, JsonBody<Moved> body) {
        DueTime due = body.read(moved -> moved.due(clock.instant()), () -> publications.get(id));
        Publication publication = publications.reschedule(principal, id, due);
        dispatcher.wake();
        return PublicationJson.of(publication);
    }
}
