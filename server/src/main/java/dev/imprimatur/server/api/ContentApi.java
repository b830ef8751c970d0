package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.KeyRing;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.policy.Action;
import dev.imprimatur.publishing.approvals.Rendition;
import dev.imprimatur.publishing.approvals.Submissions;
import dev.imprimatur.publishing.content.Comments;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.ContentState;
import dev.imprimatur.publishing.content.Drafts;
import dev.imprimatur.publishing.content.Position;
import dev.imprimatur.publishing.outlets.Outlets;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/content", produces = MediaType.APPLICATION_JSON_VALUE)
final class ContentApi {
    private final Drafts drafts;
    private final Submissions submissions;
    private final Comments comments;
    private final Outlets outlets;
    private final Clock clock;
    private final Cursor pages;

    ContentApi(
            Drafts drafts,
            Submissions submissions,
            Comments comments,
            Outlets outlets,
            Clock clock,
            Supplier<KeyRing> keys) {
        this.drafts = drafts;
        this.submissions = submissions;
        this.comments = comments;
        this.outlets = outlets;
        this.clock = clock;
        this.pages = new Cursor("content", keys);
    }

    record Items<T>(List<T> items) {}

    record Said(@Nullable String body) {}

    @PostMapping
    @Requires(Action.CREATE_CONTENT)
    ResponseEntity<ContentJson> create(
            @AuthenticationPrincipal Principal principal, Once once, JsonBody<ContentJson.Written> body) {
        Content.Created created = created(principal, once, body);
        Content content = created.content();
        return ResponseEntity.created(URI.create("/api/content/" + content.id()))
                .header(Once.REPLAYED, String.valueOf(created.replayed()))
                .eTag(String.valueOf(content.revision()))
                .body(ContentJson.of(content));
    }

    /** Whoever asks again, because an answer was lost, may do so after the planned time has come. */
    private Content.Created created(Principal principal, Once once, JsonBody<ContentJson.Written> body) {
        try {
            ContentJson.Draft draft =
                    body.read(written -> written.draft(outlets.within(principal.scope()), clock.instant()));
            return drafts.create(principal, draft.manuscript(), draft.plan(), once.key());
        } catch (RefusedException late) {
            if (late.code() != ErrorCode.DUE_IN_THE_PAST) {
                throw late;
            }
            ContentJson.Draft draft =
                    body.read(written -> written.draft(outlets.within(principal.scope()), Instant.EPOCH));
            return drafts.replay(principal, draft.manuscript(), draft.plan(), once.key())
                    .orElseThrow(() -> late);
        }
    }

    @GetMapping
    @Requires(Action.READ_CONTENT)
    Cursor.Page<ContentJson.Line> list(
            @AuthenticationPrincipal Principal principal,
            @RequestParam @Nullable String state,
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String cursor) {
        int most = Cursor.limit(limit);
        ContentState only = state == null ? null : ContentState.of(state);
        return pages.page(
                drafts.list(principal.scope(), only, pages.parse(cursor), most + 1),
                most,
                line -> new Position(line.createdAt(), line.id()),
                ContentJson.Line::of);
    }

    @GetMapping("/{id}")
    @Requires(Action.READ_CONTENT)
    ResponseEntity<ContentJson> read(@PathVariable UUID id) {
        return tagged(drafts.get(id));
    }

    @PutMapping("/{id}")
    @Requires(Action.EDIT_CONTENT)
    ResponseEntity<ContentJson> edit(
            @AuthenticationPrincipal Principal principal,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            JsonBody<ContentJson.Written> body) {
        Runnable standing = () -> IfMatch.require(ifMatch, drafts.get(id).revision());
        if (ifMatch == null) {
            standing.run();
        }
        ContentJson.Draft draft =
                body.read(written -> written.draft(outlets.within(principal.scope()), clock.instant()), standing);
        return tagged(drafts.edit(principal, id, draft.manuscript(), draft.plan(), IfMatch.revision(ifMatch)));
    }

    @GetMapping("/{id}/revisions")
    @Requires(Action.READ_CONTENT)
    Items<ContentJson.RevisionJson> revisions(@PathVariable UUID id) {
        return new Items<>(
                drafts.revisions(id).stream().map(ContentJson.RevisionJson::of).toList());
    }

    @GetMapping("/{id}/revisions/{number}")
    @Requires(Action.READ_CONTENT)
    ContentJson.RevisionJson revision(@PathVariable UUID id, @PathVariable int number) {
        return ContentJson.RevisionJson.of(drafts.revision(id, number));
    }

    @PostMapping("/{id}/submission")
    @Requires(Action.SUBMIT_CONTENT)
    ResponseEntity<ContentJson> submit(
            @AuthenticationPrincipal Principal principal,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return tagged(submissions.submit(principal, id, IfMatch.revision(ifMatch)));
    }

    @GetMapping("/{id}/renditions")
    @Requires(Action.READ_CONTENT)
    Items<Rendition> renditions(@PathVariable UUID id) {
        return new Items<>(submissions.renditions(id));
    }

    @GetMapping("/{id}/comments")
    @Requires(Action.READ_CONTENT)
    Items<Comments.Comment> comments(@PathVariable UUID id) {
        drafts.get(id);
        return new Items<>(comments.of(id));
    }

    @PostMapping("/{id}/comments")
    @Requires(Action.COMMENT_CONTENT)
    ResponseEntity<byte[]> comment(
            @AuthenticationPrincipal Principal principal, @PathVariable UUID id, Once once, JsonBody<Said> body) {
        String text = body.read(said -> Comments.text(said.body()), () -> drafts.get(id));
        return once.make(principal, body, () -> new Once.Made(null, comments.add(principal, id, text)));
    }

    private static ResponseEntity<ContentJson> tagged(Content content) {
        return ResponseEntity.ok().eTag(String.valueOf(content.revision())).body(ContentJson.of(content));
    }
}
