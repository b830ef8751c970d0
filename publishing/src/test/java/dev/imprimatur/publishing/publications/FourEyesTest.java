package dev.imprimatur.publishing.publications;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.Chance;
import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.publishing.access.policy.Action;
import dev.imprimatur.publishing.access.policy.Policies;
import dev.imprimatur.publishing.access.policy.Policy;
import dev.imprimatur.publishing.access.policy.Resource;
import dev.imprimatur.publishing.approvals.Approval;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.ContentState;
import dev.imprimatur.publishing.database.Failures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The policy and the database say the same of who may approve: whom the one lets through the other accepts, whatever
 * hands content went through. Both are asked about each case, so neither can drift alone.
 */
class FourEyesTest {
    private static final int CASES = 150;

    private final Newsroom newsroom = new Newsroom();
    private final Policy policy = Policy.of(
            Policies.load(Path.of(System.getProperty("imprimatur.home", ".."), "infra", "cerbos", "policies")),
            Optional.empty());
    private final List<Principal> staff = new ArrayList<>();
    private int allowed;
    private int refused;

    @AfterEach
    void close() {
        newsroom.close();
    }

    @Test
    void thePolicyAllowsExactlyTheApprovalsThatTheDatabaseAccepts() {
        hire();
        Chance.tries(CASES, chance -> {
            Written written = written(chance);
            assertThat(newsroom.approvals.handsOn(written.content().id())).hasSameElementsAs(written.hands());
            staff.forEach(approver -> askBoth(approver, written));
        });
        assertThat(allowed).as("cases that both allow").isGreaterThan(CASES);
        assertThat(refused).as("cases that both refuse").isGreaterThan(CASES);
    }

    /** What takes a second approver: neither who proposed it nor whom it is about. */
    @Test
    void thePolicyAllowsExactlyTheConfirmationsThatTheDatabaseAccepts() {
        List<Principal> approvers = List.of(newsroom.anna, newsroom.both, hired("carl", Role.APPROVER));
        for (Principal person : approvers) {
            for (Principal proposer : approvers) {
                for (Principal confirmer : approvers) {
                    boolean policyAllows = policy.allows(
                            confirmer,
                            Action.CONFIRM_CHANGE,
                            Resource.proposal(UUID.randomUUID(), person.id(), proposer.id()));
                    assertThat(confirms(person, proposer, confirmer))
                            .as("%s about %s, confirmed by %s", proposer, person, confirmer)
                            .isEqualTo(policyAllows);
                    if (policyAllows) {
                        allowed++;
                    } else {
                        refused++;
                    }
                }
            }
        }
        assertThat(allowed).isEqualTo(12);
        assertThat(refused).isEqualTo(15);
    }

    private boolean confirms(Principal person, Principal proposer, Principal confirmer) {
        try {
            newsroom.jdbi.useHandle(handle -> {
                UUID id = UUID.randomUUID();
                handle.createUpdate("""
                                INSERT INTO people_changes (id, person, change, proposed_by)
                                VALUES (:id, :person, 'reset_credentials', :proposer)""")
                        .bind("id", id)
                        .bind("person", person.id())
                        .bind("proposer", proposer.id())
                        .execute();
                handle.createUpdate("""
                                UPDATE people_changes SET confirmed_by = :confirmer, confirmed_at = now() WHERE id = :id""")
                        .bind("id", id)
                        .bind("confirmer", confirmer.id())
                        .execute();
            });
            return true;
        } catch (UnableToExecuteStatementException e) {
            assertThat(e).hasMessageContaining("people_changes_four_eyes");
            return false;
        }
    }

    private Principal hired(String name, Role... roles) {
        return Principal.atTheCommandLine(newsroom.people.add(name, Set.of(roles)));
    }

    /** Each role set twice, so that somebody of the same roles may have had no hand in it. */
    @SuppressWarnings("EnumOrdinal") // any numbering counts the sets
    private void hire() {
        List<Role> all = List.of(Role.values());
        for (int set = 0; set < 1 << all.size(); set++) {
            Set<Role> roles = EnumSet.noneOf(Role.class);
            for (int i = 0; i < all.size(); i++) {
                if ((set >> i & 1) == 1) {
                    roles.add(all.get(i));
                }
            }
            for (int twin = 0; twin < 2; twin++) {
                Person person = newsroom.people.add("staff " + set + " " + twin, roles);
                staff.add(Principal.atTheCommandLine(person));
            }
        }
    }

    /** Content in review, and whose hands were in what is reviewed. */
    private record Written(Content content, Set<UUID> hands) {}

    /** Through up to four more pairs of hands, whatever their roles: the stores ask for none. */
    private Written written(Chance chance) {
        Principal author = anybody(chance);
        Content content = newsroom.draft(author, "text 0", null);
        Set<UUID> hands = new HashSet<>(Set.of(author.id()));
        for (long more = chance.between(0, 4); more > 0; more--) {
            Principal next = anybody(chance);
            if (chance.toss()) {
                content = newsroom.edit(next, content, "text " + more);
                hands.retainAll(Set.of(author.id()));
                hands.add(next.id());
            } else {
                content = submitted(next, content, hands);
            }
        }
        return new Written(submitted(anybody(chance), content, hands), hands);
    }

    private Content submitted(Principal submitter, Content content, Set<UUID> hands) {
        if (content.state() == ContentState.IN_REVIEW) {
            return content;
        }
        hands.add(submitter.id());
        return newsroom.submissions.submit(submitter, content.id(), null);
    }

    private void askBoth(Principal approver, Written written) {
        Content content = written.content();
        Resource work = Resource.work(content.id(), written.hands());
        boolean policyAllows = policy.allows(approver, Action.APPROVE, work);
        Optional<ErrorCode> why = refusal(approver, content);
        assertThat(why.isEmpty())
                .as(
                        "the policy says %s, the database %s, to %s approving what went through %s",
                        policyAllows, why, approver.person(), written.hands())
                .isEqualTo(policyAllows);
        why.ifPresentOrElse(
                code -> {
                    assertThat(code).isIn(ErrorCode.FOUR_EYES, ErrorCode.FORBIDDEN);
                    refused++;
                },
                () -> allowed++);
        // An agent's token is its owner to the database; the policy never lets it.
        Principal agent = new Principal(approver.person(), approver.token(), TokenKind.AGENT);
        assertThat(policy.allows(agent, Action.APPROVE, work)).isFalse();
    }

    private Optional<ErrorCode> refusal(Principal approver, Content content) {
        try {
            newsroom.approvals.decide(approver, newsroom.word(content, Approval.Decision.APPROVED));
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(Failures.of(e).code());
        }
    }

    private Principal anybody(Chance chance) {
        return staff.get((int) chance.between(0, staff.size() - 1));
    }
}
