package dev.imprimatur.server.console;

import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.policy.Action;
import dev.imprimatur.publishing.access.policy.Policy;
import dev.imprimatur.publishing.access.policy.Resource;
import dev.imprimatur.publishing.approvals.Approval;
import dev.imprimatur.publishing.approvals.Approvals;
import dev.imprimatur.publishing.approvals.Submissions;
import dev.imprimatur.publishing.content.Comments;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.ContentState;
import dev.imprimatur.publishing.content.Drafts;
import dev.imprimatur.publishing.database.Failures;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What waits for a decision, and deciding it. */
@Controller
final class ReviewPages {
    private static final int MOST = 100;

    private final Pages pages;
    private final Drafts drafts;
    private final Submissions submissions;
    private final Approvals approvals;
    private final Comments comments;
    private final Policy policy;

    ReviewPages(
            Pages pages,
            Drafts drafts,
            Submissions submissions,
            Approvals approvals,
            Comments comments,
            Policy policy) {
        this.pages = pages;
        this.drafts = drafts;
        this.submissions = submissions;
        this.approvals = approvals;
        this.comments = comments;
        this.policy = policy;
    }

    @GetMapping("/inbox")
    ResponseEntity<String> inbox(HttpServletRequest request, HttpServletResponse response) {
        Principal viewer = Pages.viewer();
        if (viewer == null) {
            return Pages.goToLogin(request);
        }
        policy.require(viewer, Action.READ_CONTENT);
        return pages.show(
                "inbox",
                pages.frame("Inbox", request, response),
                Map.of("waiting", drafts.list(OutletScope.ALL, ContentState.IN_REVIEW, null, MOST)));
    }

    @GetMapping("/review/{id}")
    ResponseEntity<String> review(@PathVariable UUID id, HttpServletRequest request, HttpServletResponse response) {
        Principal viewer = Pages.viewer();
        if (viewer == null) {
            return Pages.goToLogin(request);
        }
        policy.require(viewer, Action.READ_CONTENT);
        return show(HttpStatus.OK, viewer, id, null, request, response);
    }

    /** @param renditions outlet and hash of each rendition that the page showed: a yes is to these bytes */
    @PostMapping("/review/{id}/decision")
    ResponseEntity<String> decide(
            @PathVariable UUID id,
            @RequestParam(defaultValue = "0") int revision,
            @RequestParam(defaultValue = "") String decision,
            @RequestParam(name = "rendition", defaultValue = "") List<String> renditions,
            @RequestParam(defaultValue = "") String comment,
            HttpServletRequest request,
            HttpServletResponse response) {
        Principal viewer = Pages.viewer();
        if (viewer == null) {
            return Pages.goToLogin(request);
        }
        policy.require(viewer, Action.DECIDE);
        try {
            Approval.Decision word = Approval.Decision.of(decision);
            switch (word) {
                case APPROVED -> policy.require(viewer, Action.APPROVE, Resource.work(id, approvals.handsOn(id)));
                case CHANGES_REQUESTED -> policy.require(viewer, Action.REQUEST_CHANGES);
            }
            List<Approval.Bytes> seen = word == Approval.Decision.APPROVED
                    ? renditions.stream().map(ReviewPages::seen).toList()
                    : List.of();
            approvals.decide(
                    viewer,
                    new Approval.Word(id, revision, word, seen, null, null, comment.isBlank() ? null : comment));
            return Pages.goTo("/review/" + id);
        } catch (RuntimeException e) {
            RefusedException refused = Failures.of(e);
            if (refused.code().status() >= 500) {
                throw e;
            }
            HttpStatus status = HttpStatus.valueOf(refused.code().status());
            return show(status, viewer, id, refused.detail(), request, response);
        }
    }

    private static Approval.Bytes seen(String rendition) {
        int blank = rendition.indexOf(' ');
        return blank < 0
                ? new Approval.Bytes(rendition, "")
                : new Approval.Bytes(rendition.substring(0, blank), rendition.substring(blank + 1));
    }

    private ResponseEntity<String> show(
            HttpStatus status,
            Principal viewer,
            UUID id,
            @Nullable String problem,
            HttpServletRequest request,
            HttpServletResponse response) {
        Content piece = drafts.get(id);
        boolean open = piece.state() == ContentState.IN_REVIEW || piece.state() == ContentState.APPROVED;
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("piece", piece);
        parameters.put("renditions", submissions.renditions(id));
        parameters.put("decisions", approvals.list(OutletScope.ALL, id, MOST));
        parameters.put("comments", comments.of(id));
        parameters.put("open", open);
        parameters.put("forbidden", open ? forbidden(viewer, id) : null);
        Frame frame = pages.frame(piece.manuscript().title(), request, response).withProblem(problem);
        return pages.show(status, "review", frame, parameters);
    }

    /** Why this person cannot approve it, before they try; null if they can. */
    private @Nullable String forbidden(Principal viewer, UUID id) {
        try {
            policy.require(viewer, Action.APPROVE, Resource.work(id, approvals.handsOn(id)));
            return null;
        } catch (RefusedException refused) {
            return refused.detail();
        }
    }
}
