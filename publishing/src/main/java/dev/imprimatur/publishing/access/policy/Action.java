package dev.imprimatur.publishing.access.policy;

import java.util.Arrays;
import java.util.List;

/** Everything that can be asked for. Who may do it is not said here but in the policy files. */
public enum Action {
    READ_CONTENT("content", "read", "read content"),
    CREATE_CONTENT("content", "create", "write content"),
    EDIT_CONTENT("content", "edit", "edit content"),
    SUBMIT_CONTENT("content", "submit", "submit content"),
    COMMENT_CONTENT("content", "comment", "comment"),

    READ_APPROVAL("approval", "read", "read approvals"),
    /** The door to the three below, asked before it is known what is decided. */
    DECIDE("approval", "decide", "decide"),
    APPROVE("approval", "approve", "approve it"),
    REQUEST_CHANGES("approval", "request_changes", "ask for changes"),
    WITHDRAW_APPROVAL("approval", "withdraw", "take a decision back"),

    READ_PUBLICATION("publication", "read", "read publications"),
    SCHEDULE_PUBLICATION("publication", "schedule", "schedule a publication"),
    RESCHEDULE_PUBLICATION("publication", "reschedule", "reschedule a publication"),
    RELEASE_PUBLICATION("publication", "release", "release a publication"),
    CANCEL_PUBLICATION("publication", "cancel", "cancel a publication"),
    RESEND_PUBLICATION("publication", "resend", "send a publication again"),

    READ_FEATURE_FLAG("feature_flag", "read", "read the switches"),
    /** The door to the four below, asked before it is known which way. */
    SWITCH("feature_flag", "switch", "switch"),
    SWITCH_OFF("feature_flag", "switch_off", "switch an outlet off"),
    SWITCH_ON("feature_flag", "switch_on", "switch an outlet on"),
    STOP("feature_flag", "stop", "stop all outlets"),
    LIFT_STOP("feature_flag", "lift", "lift the stop"),

    READ_METRICS("metrics", "read", "read metrics"),

    READ_AUDIT("audit", "read", "read the audit log"),

    /** The door to reading and revoking, asked before the token is looked up. */
    LIST_TOKENS("token", "list", "list tokens"),
    CREATE_TOKEN("token", "create", "make a token"),
    READ_TOKEN("token", "read", "read a token"),
    REVOKE_TOKEN("token", "revoke", "revoke a token"),

    READ_PERSON("person", "read", "read people"),
    ADD_PERSON("person", "add", "add a person"),
    CHANGE_PERSON("person", "change", "change a person"),
    DISABLE_PERSON("person", "disable", "disable a person"),
    PROPOSE_CHANGE("person", "propose", "propose what takes a second approver"),
    CONFIRM_CHANGE("person", "confirm", "confirm it"),
    END_SESSIONS("person", "end_sessions", "end sessions");

    private final String kind;
    private final String verb;
    private final String words;

    Action(String kind, String verb, String words) {
        this.kind = kind;
        this.verb = verb;
        this.words = words;
    }

    /** The policy files' word for what is acted on. */
    public String kind() {
        return kind;
    }

    /** The policy files' word for the action. */
    public String verb() {
        return verb;
    }

    /** As it goes on after "to". */
    String words() {
        return words;
    }

    static List<Action> on(String kind) {
        return Arrays.stream(values())
                .filter(action -> action.kind.equals(kind))
                .toList();
    }
}
