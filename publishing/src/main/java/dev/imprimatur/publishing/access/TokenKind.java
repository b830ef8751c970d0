package dev.imprimatur.publishing.access;

import dev.imprimatur.publishing.RefusedException;
import java.util.Locale;

/** A personal token acts as its owner; an agent's token proposes, and never approves or switches anything. */
public enum TokenKind {
    PERSONAL,
    AGENT;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws RefusedException INVALID_FIELD */
    public static TokenKind named(String label) {
        for (TokenKind kind : values()) {
            if (kind.label().equals(label)) {
                return kind;
            }
        }
        throw RefusedException.field("/kind", "write personal or agent");
    }

    static TokenKind of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
