package dev.imprimatur.publishing.access;

import java.util.Locale;

/** A personal token acts as its owner; an agent's token proposes, and never approves or switches anything. */
public enum TokenKind {
    PERSONAL,
    AGENT;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TokenKind of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
