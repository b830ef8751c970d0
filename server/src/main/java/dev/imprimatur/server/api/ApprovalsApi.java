package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.Faults;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.policy.Action;
import dev.imprimatur.publishing.access.policy.Policy;
import dev.imprimatur.publishing.access.policy.Resource;
import dev.imprimatur.publishing.approvals.Approval;
import dev.imprimatur.publishing.approvals.Approvals;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/approvals", produces = MediaType.APPLICATION_JSON_VALUE)
final class ApprovalsApi {
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final Approvals approvals;
    private final Policy policy;
    private final OutletReach reach;

    ApprovalsApi(Approvals approvals, Policy policy, OutletReach reach) {
        this.reach = reach;
        this.approvals = approvals;
        this.policy = policy;
    }

    /** What an approver sends. */
    record Said(
            @Nullable UUID contentId,
            @Nullable Integer revision,
            @Nullable String decision,
            @Nullable List<@Nullable Seen> renditions,
            @Nullable Instant notBefore,
            @Nullable Instant notAfter,
            @Nullable String comment) {

        record Seen(@Nullable String outlet, @Nullable String sha256) {}

        /** @throws RefusedException every fault at once */
        Approval.Word word() {
            Faults faults = new Faults();
            if (contentId == null) {
                faults.add(ErrorCode.INVALID_FIELD, "/content_id", "say which content you decide on");
            }
            if (revision == null) {
                faults.add(ErrorCode.INVALID_FIELD, "/revision", "say which revision you read");
            }
            Approval.Decision decided = faults.take(() -> Approval.Decision.of(decision));
            List<@Nullable Seen> seen = renditions == null ? List.of() : renditions;
            for (int i = 0; i < seen.size(); i++) {
                if (seen.get(i) == null) {
                    faults.add(
                            ErrorCode.INVALID_FIELD, "/renditions/" + i, "name the outlet and the sha256 that you saw");
                }
            }
            List<Approval.Bytes> bytes = seen.stream()
                    .map(one -> new Approval.Bytes(
                            one == null || one.outlet() == null ? "" : one.outlet(),
                            one == null || one.sha256() == null ? "" : one.sha256()))
                    .toList();
            inOurEra("/not_before", notBefore, faults);
            inOurEra("/not_after", notAfter, faults);
            Approvals.judge(decided, bytes, comment, faults);
            faults.refuse();
            return new Approval.Word(
                    Objects.requireNonNull(contentId),
                    Objects.requireNonNull(revision),
                    Objects.requireNonNull(decided),
                    bytes,
                    notBefore,
                    notAfter,
                    comment);
        }
    }

    private static void inOurEra(String pointer, @Nullable Instant instant, Faults faults) {
        if (instant != null && (instant.isBefore(EARLIEST) || instant.isAfter(LATEST))) {
            faults.add(ErrorCode.INVALID_FIELD, pointer, "write a time between the years 2000 and 9999");
        }
    }

    record ApprovalJson(
            UUID id,
            UUID contentId,
            int revision,
            String decision,
            Person.Name approver,
            List<Approval.Bytes> renditions,
            Instant notBefore,
            Instant notAfter,
            @Nullable String comment,
            Instant decidedAt,
            @Nullable Instant withdrawnAt) {
        static ApprovalJson of(Approval approval) {
            return new ApprovalJson(
                    approval.id(),
                    approval.contentId(),
                    approval.revision(),
                    approval.decision().label(),
                    approval.approver(),
                    approval.renditions(),
                    approval.notBefore(),
                    approval.notAfter(),
                    approval.comment(),
                    approval.decidedAt(),
                    approval.withdrawnAt());
        }
    }

    @PostMapping
    @Requires(Action.DECIDE)
    ResponseEntity<byte[]> decide(@AuthenticationPrincipal Principal principal, Once once, JsonBody<Said> body) {
        Approval.Word word = body.read(Said::word);
        reach.requireContent(principal, word.contentId());
        return once.make(principal, body, () -> {
            Approval approval = decided(principal, word);
            return new Once.Made("/api/approvals/" + approval.id(), ApprovalJson.of(approval));
        });
    }

    private Approval decided(Principal principal, Approval.Word word) {
        switch (word.decision()) {
            case APPROVED ->
                policy.require(
                        principal,
                        Action.APPROVE,
                        Resource.work(word.contentId(), approvals.handsOn(word.contentId())));
            case CHANGES_REQUESTED -> policy.require(principal, Action.REQUEST_CHANGES);
        }
        return approvals.decide(principal, word);
    }

    @GetMapping
    @Requires(Action.READ_APPROVAL)
    ContentApi.Items<ApprovalJson> list(
            @AuthenticationPrincipal Principal principal,
            @RequestParam(name = "content_id") @Nullable UUID contentId,
            @RequestParam @Nullable Integer limit) {
        return new ContentApi.Items<>(approvals.list(principal.scope(), contentId, Cursor.limit(limit)).stream()
                .map(ApprovalJson::of)
                .toList());
    }

    @GetMapping("/{id}")
    @Requires(Action.READ_APPROVAL)
    ApprovalJson read(@PathVariable UUID id) {
        return ApprovalJson.of(approvals.get(id));
    }

    @PostMapping("/{id}/withdrawal")
    @Requires(Action.DECIDE)
    ApprovalJson withdraw(@AuthenticationPrincipal Principal principal, @PathVariable UUID id) {
        policy.require(
                principal,
                Action.WITHDRAW_APPROVAL,
                Resource.decision(id, approvals.get(id).approver().id()));
        return ApprovalJson.of(approvals.withdraw(principal, id));
    }
}
