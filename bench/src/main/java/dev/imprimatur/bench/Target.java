package dev.imprimatur.bench;

/** Whose API is asked for a create. */
enum Target {
    IMPRIMATUR("/api/content"),
    DIRECTUS("/items/content");

    private final String path;

    Target(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }

    /** Whether this whole answer tells of something new; ours must also have been counted against a limit. */
    boolean isCreate(String answer) {
        return switch (this) {
            case IMPRIMATUR ->
                answer.startsWith("HTTP/1.1 201 ")
                        && answer.contains("\r\nIdempotency-Replayed: false\r\n")
                        && answer.contains("\r\nRateLimit: ");
            case DIRECTUS -> answer.startsWith("HTTP/1.1 200 ") && answer.contains("\r\n\r\n{\"data\":{\"id\":\"");
        };
    }
}
