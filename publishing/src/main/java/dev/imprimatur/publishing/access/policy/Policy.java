package dev.imprimatur.publishing.access.policy;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Principal;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What everything that acts asks first. It decides by the policy files itself, or has a Cerbos decide. */
public final class Policy implements AutoCloseable {
    private final Policies policies;
    private final @Nullable CerbosServer server;

    private Policy(Policies policies, @Nullable CerbosServer server) {
        this.policies = policies;
        this.server = server;
    }

    /**
     * @param policies decide, and word the refusals of the server if there is one
     * @param cerbos where a Cerbos answers instead, if one does
     */
    public static Policy of(Policies policies, Optional<URI> cerbos) {
        return new Policy(policies, cerbos.map(CerbosServer::new).orElse(null));
    }

    /** Refuses by who asks alone, before anything is looked up. */
    public void require(Principal principal, Action action) {
        require(principal, action, Resource.ANY);
    }

    /** Refuses with {@link ErrorCode#AGENTS_MAY_NOT}, {@link ErrorCode#FOUR_EYES} or {@link ErrorCode#FORBIDDEN}. */
    public void require(Principal principal, Action action, Resource resource) {
        Question question = Question.of(principal, action, resource);
        switch (answer(question)) {
            case ALLOWED -> {}
            case DENIED -> throw Refusal.of(policies, principal.person().name(), question);
            case NONE ->
                throw new RefusedException(
                        ErrorCode.FORBIDDEN, "the policy server does not answer; until it does, nothing is allowed");
        }
    }

    public boolean allows(Principal principal, Action action, Resource resource) {
        return answer(Question.of(principal, action, resource)) == Answer.ALLOWED;
    }

    /** How many questions the policy server has left without an answer since the start; each was denied. */
    public long unanswered() {
        return server == null ? 0 : server.unanswered();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }

    private Answer answer(Question question) {
        if (server != null) {
            return server.ask(question);
        }
        return policies.allow(question) ? Answer.ALLOWED : Answer.DENIED;
    }
}
