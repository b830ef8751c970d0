package dev.imprimatur.publishing.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That our policy files mean what the roles are for, and how a refusal is worded. */
class PolicyTest {
    private static final Policy POLICY = Policy.of(Policies.load(PolicyFolder.OURS), Optional.empty());
    private static final UUID SOMETHING = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID SOMEBODY = UUID.fromString("00000000-0000-4000-8000-000000000002");

    private final Principal vera = principal("vera", TokenKind.PERSONAL, false, Role.VIEWER);
    private final Principal olga = principal("olga", TokenKind.PERSONAL, false, Role.OPERATOR);
    private final Principal anna = principal("anna", TokenKind.PERSONAL, false, Role.APPROVER);
    private final Principal mina = principal("mina", TokenKind.PERSONAL, true, Role.APPROVER);
    private final Principal nobody = principal("nils", TokenKind.PERSONAL, true);
    private final Principal agent = principal("olga", TokenKind.AGENT, true, Role.values());

    /** V, O and A for the roles, M for an approver who manages people; the agent's owner is all of them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            READ_CONTENT           | VOAM | agent
            CREATE_CONTENT         | O    | agent
            EDIT_CONTENT           | O    | agent
            SUBMIT_CONTENT         | O    | agent
            COMMENT_CONTENT        | OAM  | agent
            READ_APPROVAL          | VOAM | agent
            DECIDE                 | AM   |
            APPROVE                | AM   |
            REQUEST_CHANGES        | AM   |
            WITHDRAW_APPROVAL      | AM   |
            READ_PUBLICATION       | VOAM | agent
            SCHEDULE_PUBLICATION   | O    | agent
            RESCHEDULE_PUBLICATION | O    | agent
            RELEASE_PUBLICATION    | O    | agent
            CANCEL_PUBLICATION     | O    | agent
            RESEND_PUBLICATION     | AM   |
            READ_FEATURE_FLAG      | VOAM | agent
            SWITCH                 | OAM  |
            SWITCH_OFF             | OAM  |
            SWITCH_ON              | AM   |
            STOP                   | OAM  |
            LIFT_STOP              | AM   |
            READ_METRICS           | VOAM | agent
            READ_AUDIT             | VOAM | agent
            LIST_TOKENS            | VOAM |
            CREATE_TOKEN           | VOAM |
            READ_TOKEN             | VOAM |
            REVOKE_TOKEN           | VOAM |
            READ_PERSON            | VOAM | agent
            ADD_PERSON             | M    |
            CHANGE_PERSON          | M    |
            DISABLE_PERSON         | M    |
            PROPOSE_CHANGE         | M    |
            CONFIRM_CHANGE         | AM   |
            END_SESSIONS           | VOAM |
            """)
    void eachRoleMayDoWhatItIsFor(Action action, String who, @Nullable String agents) {
        String allowed = Stream.of(vera, olga, anna, mina)
                .filter(principal -> POLICY.allows(principal, action, rightfully(principal, action)))
                .map(principal -> principal.equals(vera)
                        ? "V"
                        : principal.equals(olga) ? "O" : principal.equals(anna) ? "A" : "M")
                .collect(Collectors.joining());
        assertThat(allowed).isEqualTo(who);
        assertThat(POLICY.allows(agent, action, rightfully(agent, action))).isEqualTo(agents != null);
        assertThat(POLICY.allows(nobody, action, rightfully(nobody, action))).isFalse();
    }

    @Test
    void theTableAboveLeavesNoActionOut() throws NoSuchMethodException {
        String table = PolicyTest.class
                .getDeclaredMethod("eachRoleMayDoWhatItIsFor", Action.class, String.class, String.class)
                .getAnnotation(CsvSource.class)
                .textBlock();
        Set<Action> named = table.lines()
                .map(line -> Action.valueOf(line.substring(0, line.indexOf('|')).strip()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Action.class)));
        assertThat(named).containsExactly(Action.values());
    }

    @Test
    void nobodyApprovesWhatTheirHandWasIn() {
        Resource work = Resource.work(SOMETHING, List.of(SOMEBODY, anna.id()));
        assertThat(POLICY.allows(anna, Action.APPROVE, work)).isFalse();
        assertThat(POLICY.allows(mina, Action.APPROVE, work)).isTrue();
        refused(anna, Action.APPROVE, work, ErrorCode.FOUR_EYES, "to approve it takes other eyes");
        refused(
                mina,
                Action.APPROVE,
                Resource.work(SOMETHING, List.of()),
                ErrorCode.FORBIDDEN,
                "mina may not approve it");
    }

    @Test
    void aDecisionIsTakenBackByWhoMadeIt() {
        Resource decision = Resource.decision(SOMETHING, SOMEBODY);
        refused(
                anna,
                Action.WITHDRAW_APPROVAL,
                decision,
                ErrorCode.FORBIDDEN,
                "only its approver can take a decision back");
    }

    @Test
    void othersTokensAndSessionsTakeOneWhoManagesPeople() {
        Resource token = Resource.token(SOMETHING, SOMEBODY);
        assertThat(POLICY.allows(mina, Action.REVOKE_TOKEN, token)).isTrue();
        refused(
                anna,
                Action.REVOKE_TOKEN,
                token,
                ErrorCode.FORBIDDEN,
                "takes an approver who manages people; anna does not");
        refused(olga, Action.REVOKE_TOKEN, token, ErrorCode.FORBIDDEN, "takes the role approver; olga has operator");
        refused(mina, Action.CREATE_TOKEN, token, ErrorCode.FORBIDDEN, "only its owner can make a token");
        assertThat(POLICY.allows(mina, Action.END_SESSIONS, Resource.person(SOMEBODY)))
                .isTrue();
        assertThat(POLICY.allows(anna, Action.END_SESSIONS, Resource.person(SOMEBODY)))
                .isFalse();
    }

    @Test
    void whoProposedItOrWhomItIsAboutDoesNotConfirmIt() {
        refused(
                mina,
                Action.CONFIRM_CHANGE,
                Resource.proposal(SOMETHING, SOMEBODY, mina.id()),
                ErrorCode.FOUR_EYES,
                "to confirm it");
        refused(
                anna,
                Action.CONFIRM_CHANGE,
                Resource.proposal(SOMETHING, anna.id(), SOMEBODY),
                ErrorCode.FOUR_EYES,
                "to confirm it");
    }

    @Test
    void theRefusalNamesTheRolesThatWouldDo() {
        refused(
                vera,
                Action.CREATE_CONTENT,
                ErrorCode.FORBIDDEN,
                "to write content takes the role operator; vera has viewer");
        refused(
                nobody,
                Action.COMMENT_CONTENT,
                ErrorCode.FORBIDDEN,
                "takes the role operator or approver; nils has none");
        refused(olga, Action.DECIDE, ErrorCode.FORBIDDEN, "to decide takes the role approver; olga has operator");
        refused(olga, Action.ADD_PERSON, ErrorCode.FORBIDDEN, "takes the role approver; olga has operator");
        refused(anna, Action.ADD_PERSON, ErrorCode.FORBIDDEN, "takes an approver who manages people; anna does not");
        Principal two = principal("both", TokenKind.PERSONAL, false, Role.VIEWER, Role.APPROVER);
        refused(two, Action.CREATE_CONTENT, ErrorCode.FORBIDDEN, "operator; both has approver or viewer");
    }

    @Test
    void theRefusalTellsAnAgentWhatNoRoleWouldHelpItTo() {
        refused(
                agent,
                Action.DECIDE,
                ErrorCode.AGENTS_MAY_NOT,
                "an agent proposes, people decide: use a personal token to decide");
        refused(agent, Action.SWITCH, ErrorCode.AGENTS_MAY_NOT, "use a personal token to switch");
        refused(agent, Action.LIST_TOKENS, ErrorCode.AGENTS_MAY_NOT, "to list tokens");
        refused(
                agent,
                Action.APPROVE,
                Resource.work(SOMETHING, List.of(agent.id())),
                ErrorCode.AGENTS_MAY_NOT,
                "to approve it");
        Principal reader = principal("rita", TokenKind.AGENT, false, Role.VIEWER);
        refused(reader, Action.CREATE_CONTENT, ErrorCode.FORBIDDEN, "takes the role operator; rita has viewer");
    }

    /** The thing as it would be for the action to be in order, but for who asks. */
    private static Resource rightfully(Principal principal, Action action) {
        return switch (action) {
            case APPROVE -> Resource.work(SOMETHING, List.of(SOMEBODY));
            case WITHDRAW_APPROVAL -> Resource.decision(SOMETHING, principal.id());
            case CREATE_TOKEN -> Resource.newToken(principal.id());
            case READ_TOKEN, REVOKE_TOKEN -> Resource.token(SOMETHING, principal.id());
            case CONFIRM_CHANGE -> Resource.proposal(SOMETHING, SOMEBODY, SOMEBODY);
            case END_SESSIONS -> Resource.person(principal.id());
            default -> Resource.ANY;
        };
    }

    private static void refused(Principal principal, Action action, ErrorCode code, String why) {
        refused(principal, action, Resource.ANY, code, why);
    }

    private static void refused(Principal principal, Action action, Resource resource, ErrorCode code, String why) {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> POLICY.require(principal, action, resource));
        assertThat(refused).as("%s of %s", action, principal).isNotNull();
        assertThat(refused.code()).as(refused.detail()).isEqualTo(code);
        assertThat(refused.detail()).contains(why);
    }

    private static Principal principal(String name, TokenKind kind, boolean managesPeople, Role... roles) {
        Set<Role> all = Arrays.stream(roles).collect(Collectors.toUnmodifiableSet());
        return new Principal(new Person(UUID.randomUUID(), name, all, managesPeople), UUID.randomUUID(), kind);
    }
}
