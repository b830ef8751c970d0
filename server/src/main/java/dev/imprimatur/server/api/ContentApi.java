package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Action;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.approvals.Rendition;
import dev.imprimatur.publishing.approvals.Submissions;
import dev.imprimatur.publishing.content.Comments;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.ContentState;
import dev.imprimatur.publishing.content.Drafts;
import dev.imprimatur.publishing.content.IdempotencyKey;
import dev.imprimatur.publishing.content.Manuscript;
import dev.imprimatur.publishing.content.Position;
import dev.imprimatur.publishing.outlets.Outlets;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
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

    ContentApi(Drafts drafts, Submissions submissions, Comments comments, Outlets outlets, Clock clock) {
        this.drafts = drafts;
        this.submissions = submissions;
        this.comments = comments;
        this.outlets = outlets;
        this.clock = clock;
    }

    record Items<T>(List<T> items) {}

    record Said(@Nullable String body) {}

    @PostMapping
    ResponseEntity<ContentJson> create(
            @AuthenticationPrincipal Principal principal,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ContentJson.Written written) {
        Action.WRITE.require(principal);
        Manuscript manuscript = written.manuscript(outlets);
        IdempotencyKey once = IdempotencyKey.ofHeader(key);
        Content.Created created = replayedLate(principal, written, manuscript, once)
                .orElseGet(() -> drafts.create(principal, manuscript, written.plan(outlets, clock.instant()), once));
        Content content = created.content();
        return ResponseEntity.created(URI.create("/api/content/" + content.id()))
                .header("Idempotency-Replayed", String.valueOf(created.replayed()))
                .eTag(String.valueOf(content.revision()))
                .body(ContentJson.of(content));
    }

    /** Whoever asks again, because an answer was lost, may do so after the planned time has come. */
    private Optional<Content.Created> replayedLate(
            Principal principal, ContentJson.Written written, Manuscript manuscript, @Nullable IdempotencyKey once) {
        Content.Plan plan = written.plan(outlets, Instant.EPOCH);
        boolean past = plan.due() != null && plan.due().instant().isBefore(clock.instant());
        return past && once != null ? drafts.replay(principal, manuscript, plan, once) : Optional.empty();
    }

    @GetMapping
    Cursor.Page<ContentJson.Line> list(
            @AuthenticationPrincipal Principal principal,
            @RequestParam @Nullable String state,
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String cursor) {
        Action.READ.require(principal);
        int most = Cursor.limit(limit);
        ContentState only = state == null ? null : ContentState.of(state);
        return Cursor.page(
                drafts.list(only, Cursor.parse(cursor), most + 1),
                most,
                line -> new Position(line.createdAt(), line.id()),
                ContentJson.Line::of);
    }

    @GetMapping("/{id}")
    ResponseEntity<ContentJson> read(@AuthenticationPrincipal Principal principal, @PathVariable UUID id) {
        Action.READ.require(principal);
        return tagged(drafts.get(id));
    }

    @PutMapping("/{id}")
    ResponseEntity<ContentJson> edit(
            @AuthenticationPrincipal Principal principal,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody ContentJson.Written written) {
        Action.WRITE.require(principal);
        return tagged(drafts.edit(
                principal, id, written.manuscript(outlets), written.plan(outlets, clock.instant()), expected(ifMatch)));
    }

    @GetMapping("/{id}/revisions")
    Items<ContentJson.RevisionJson> revisions(@AuthenticationPrincipal Principal principal, @PathVariable UUID id) {
        Action.READ.require(principal);
        return new Items<>(
                drafts.revisions(id).stream().map(ContentJson.RevisionJson::of).toList());
    }

    @GetMapping("/{id}/revisions/{number}")
    ContentJson.RevisionJson revision(
            @AuthenticationPrincipal Principal principal, @PathVariable UUID id, @PathVariable int number) {
        Action.READ.require(principal);
        return ContentJson.RevisionJson.of(drafts.revision(id, number));
    }

    @PostMapping("/{id}/submission")
    ResponseEntity<ContentJson> submit(
            @AuthenticationPrincipal Principal principal,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        Action.SUBMIT.require(principal);
        return tagged(submissions.submit(principal, id, expected(ifMatch)));
    }

    @GetMapping("/{id}/renditions")
    Items<Rendition> renditions(@AuthenticationPrincipal Principal principal, @PathVariable UUID id) {
        Action.READ.require(principal);
        return new Items<>(submissions.renditions(id));
    }

    @GetMapping("/{id}/comments")
    Items<Comments.Comment> comments(@AuthenticationPrincipal Principal principal, @PathVariable UUID id) {
        Action.READ.require(principal);
        drafts.get(id);
        return new Items<>(comments.of(id));
    }

    @PostMapping("/{id}/comments")
    ResponseEntity<Comments.Comment> comment(
            @AuthenticationPrincipal Principal principal, @PathVariable UUID id, @RequestBody Said said) {
        Action.COMMENT.require(principal);
        return ResponseEntity.status(201).body(comments.add(principal, id, said.body() == null ? "" : said.body()));
    }

    private static ResponseEntity<ContentJson> tagged(Content content) {
        return ResponseEntity.ok().eTag(String.valueOf(content.revision())).body(ContentJson.of(content));
    }

    /** The revision that an If-Match names; RFC 9110 §13.1.1: strong comparison, and * for whatever stands there. */
    private static @Nullable Integer expected(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return null;
        }
        String tag = ifMatch.strip();
        if (tag.matches("\"[1-9][0-9]{0,8}\"")) {
            return Integer.valueOf(tag.substring(1, tag.length() - 1));
        }
        throw new RefusedException(
                ErrorCode.STALE_REVISION, "If-Match takes the ETag that was read, such as \"3\", quotes included");
    }
}
