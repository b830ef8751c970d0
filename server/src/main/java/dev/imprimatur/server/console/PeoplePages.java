package dev.imprimatur.server.console;

import dev.imprimatur.publishing.access.Identities;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.policy.Action;
import dev.imprimatur.publishing.access.policy.Policy;
import dev.imprimatur.publishing.access.policy.Resource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Who came by single sign-on, and who that is here: one approver proposes it, another confirms. */
@Controller
final class PeoplePages {
    private final Pages pages;
    private final Identities identities;
    private final People people;
    private final Policy policy;

    PeoplePages(Pages pages, Identities identities, People people, Policy policy) {
        this.pages = pages;
        this.identities = identities;
        this.people = people;
        this.policy = policy;
    }

    @GetMapping("/people")
    ResponseEntity<String> people(HttpServletRequest request, HttpServletResponse response) {
        Principal viewer = Pages.viewer();
        if (viewer == null) {
            return Pages.goToLogin(request);
        }
        policy.require(viewer, Action.PROPOSE_CHANGE);
        return pages.show(
                "people",
                pages.frame("People", request, response),
                Map.of(
                        "unlinked", identities.unlinked(),
                        "proposals", identities.proposals(),
                        "people", people.names()));
    }

    @PostMapping("/people/identities/{id}/link")
    ResponseEntity<String> propose(@PathVariable UUID id, @RequestParam UUID person, HttpServletRequest request) {
        Principal viewer = Pages.viewer();
        if (viewer == null) {
            return Pages.goToLogin(request);
        }
        policy.require(viewer, Action.PROPOSE_CHANGE, Resource.person(person));
        viewer.requireFreshLogin();
        identities.propose(viewer, id, person);
        return Pages.goTo("/people");
    }

    @PostMapping("/people/changes/{id}/confirmation")
    ResponseEntity<String> confirm(@PathVariable UUID id, HttpServletRequest request) {
        Principal viewer = Pages.viewer();
        if (viewer == null) {
            return Pages.goToLogin(request);
        }
        Identities.Proposal proposal = identities.proposals().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(Identities::settled);
        policy.require(
                viewer,
                Action.CONFIRM_CHANGE,
                Resource.proposal(
                        id, proposal.person().id(), proposal.proposedBy().id()));
        viewer.requireFreshLogin();
        identities.confirm(viewer, id);
        return Pages.goTo("/people");
    }
}
