package dev.imprimatur.server.console;

import org.jspecify.annotations.Nullable;

/**
 * What stands around every page.
 *
 * @param viewer who looks at it, or null before a login
 * @param csrf the token that its forms carry
 * @param script the one script it needs, or null
 * @param problem what went wrong with the last form, or null
 * @param notice what went well, or null
 */
public record Frame(
        String title,
        @Nullable String viewer,
        String csrf,
        @Nullable String script,
        @Nullable String problem,
        @Nullable String notice) {

    Frame withProblem(@Nullable String said) {
        return new Frame(title, viewer, csrf, script, said, notice);
    }

    Frame withNotice(@Nullable String said) {
        return new Frame(title, viewer, csrf, script, problem, said);
    }

    Frame withScript(String name) {
        return new Frame(title, viewer, csrf, name, problem, notice);
    }
}
