package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.database.Failures;
import dev.imprimatur.publishing.database.TestDatabase;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdentitiesTest {
    private static final String ISSUER = "https://id.example.org";

    private final TestDatabase database = TestDatabase.create();
    private final Identities identities = new Identities(database.app());
    private final People people = new People(database.app());
    private final Person olga = people.add("olga", Set.of(Role.OPERATOR));
    private final Principal mona = Principal.atTheCommandLine(people.addManager("mona", Set.of(Role.APPROVER)));
    private final Principal anna = Principal.atTheCommandLine(people.add("anna", Set.of(Role.APPROVER)));

    @AfterEach
    void close() {
        database.close();
    }

    private UUID met(String subject) {
        assertThat(identities.find(ISSUER, subject, subject + "@example.org")).isEmpty();
        return identities.unlinked().stream()
                .filter(one -> one.subject().equals(subject))
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void linksWhatTwoApproversSay() {
        identities.propose(mona, met("o1"), olga.id());
        assertThat(identities.find(ISSUER, "o1", null)).isEmpty();

        identities.confirm(anna, identities.proposals().getFirst().id());

        assertThat(identities.find(ISSUER, "o1", null)).contains(olga);
        assertThat(identities.find("https://other.example.org", "o1", null)).isEmpty();
        assertThat(identities.proposals()).isEmpty();
    }

    @Test
    void theDatabaseRefusesTwoEyes() {
        identities.propose(mona, met("o1"), olga.id());
        UUID proposal = identities.proposals().getFirst().id();
        assertThatThrownBy(() -> identities.confirm(mona, proposal))
                .satisfies(e -> assertThat(Failures.of(e).code()).isEqualTo(ErrorCode.FOUR_EYES));

        identities.propose(mona, met("a1"), anna.id());
        UUID ofAnna = identities.proposals().getLast().id();
        assertThatThrownBy(() -> identities.confirm(anna, ofAnna))
                .satisfies(e -> assertThat(Failures.of(e).code()).isEqualTo(ErrorCode.FOUR_EYES));

        assertThat(identities.find(ISSUER, "o1", null)).isEmpty();
        assertThat(identities.find(ISSUER, "a1", null)).isEmpty();
    }

    @Test
    void confirmsOnce() {
        UUID identity = met("o1");
        identities.propose(mona, identity, olga.id());
        identities.propose(mona, identity, anna.id());
        UUID first = identities.proposals().getFirst().id();
        UUID second = identities.proposals().getLast().id();
        identities.confirm(anna, first);

        for (UUID settled : new UUID[] {first, second, UUID.randomUUID()}) {
            assertThatThrownBy(() -> identities.confirm(anna, settled))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
        assertThat(identities.find(ISSUER, "o1", null)).contains(olga);
    }

    @Test
    void linksAtTheCommandLineAndTakesNobodysAway() {
        identities.link(olga, ISSUER, "o1");
        identities.link(olga, ISSUER, "o1");
        assertThat(identities.find(ISSUER, "o1", null)).contains(olga);

        assertThatThrownBy(() -> identities.link(anna.person(), ISSUER, "o1"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.WRONG_STATE));
        assertThat(identities.find(ISSUER, "o1", null)).contains(olga);
    }

    @Test
    void letsNobodyInWhoWasDisabled() {
        identities.link(olga, ISSUER, "o1");
        database.superuser().useHandle(handle -> handle.execute("UPDATE people SET disabled_at = now()"));

        assertThat(identities.find(ISSUER, "o1", null)).isEmpty();
    }
}
