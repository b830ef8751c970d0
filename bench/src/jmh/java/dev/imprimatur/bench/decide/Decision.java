package dev.imprimatur.bench.decide;

import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.publishing.access.policy.Action;
import dev.imprimatur.publishing.access.policy.Policies;
import dev.imprimatur.publishing.access.policy.Policy;
import dev.imprimatur.publishing.access.policy.Resource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One question to our own policies, from a principal to a yes or no, as each request asks it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Decision {
    private static final UUID SOMETHING = UUID.randomUUID();
    private static final UUID SOMEBODY = UUID.randomUUID();

    /** From the cheapest to the dearest. */
    public enum Case {
        /** The roles alone: every reading route. */
        READ(Action.READ_CONTENT),
        /** A role that is not had. */
        REFUSED(Action.CREATE_CONTENT),
        /** The roles, and that it is no agent. */
        DECIDE(Action.DECIDE),
        /** Four eyes over seven people, none of whom asks. */
        APPROVE(Action.APPROVE),
        /** Somebody else's token: both rules for it are tried. */
        REVOKE(Action.REVOKE_TOKEN);

        private final Action action;

        Case(Action action) {
            this.action = action;
        }
    }

    @Param
    public Case asked = Case.READ;

    private Policy policy = Policy.of(policies(), Optional.empty());
    private Principal approver = new Principal(
            new Person(UUID.randomUUID(), "anna", Set.of(Role.APPROVER, Role.VIEWER), true),
            UUID.randomUUID(),
            TokenKind.PERSONAL);
    private List<UUID> hands = List.of();

    @Setup
    public void write() {
        hands = List.of(
                SOMEBODY,
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID());
        if (allowed() == (asked == Case.REFUSED)) {
            throw new IllegalStateException("the policies answer otherwise than is measured: " + asked);
        }
    }

    @Benchmark
    public boolean allowed() {
        Resource resource = switch (asked) {
            case READ, REFUSED, DECIDE -> Resource.ANY;
            case APPROVE -> Resource.work(SOMETHING, hands);
            case REVOKE -> Resource.token(SOMETHING, SOMEBODY);
        };
        return policy.allows(approver, asked.action, resource);
    }

    private static Policies policies() {
        return Policies.load(Path.of(System.getProperty("imprimatur.home", "."), "infra", "cerbos", "policies"));
    }
}
