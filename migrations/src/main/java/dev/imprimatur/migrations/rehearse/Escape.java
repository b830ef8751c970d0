package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Token;
import dev.imprimatur.migrations.layout.Part;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A statement that would reach beyond the copy, as far as its words tell: it is never run.
 *
 * @param what it would change, as it is put into a sentence
 */
record Escape(Statement statement, String what) {

    private static final Set<String> VERBS = Set.of("CREATE", "ALTER", "DROP");
    private static final Pattern ROLE_IN_A_BODY =
            Pattern.compile("\\b(CREATE|ALTER|DROP)\\s+(ROLE|USER(?!\\s+MAPPING)|GROUP)\\b", Pattern.CASE_INSENSITIVE);

    /** The first such statement of a file. On a server of our own, roles are part of what is compared. */
    static Optional<Escape> of(Part part, Venue venue) {
        for (Statement statement : part.statements().list()) {
            Optional<String> what = what(statement, venue instanceof Venue.Embedded);
            if (what.isPresent()) {
                return Optional.of(new Escape(statement, what.get()));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> what(Statement statement, boolean serverIsOurs) {
        String verb = word(statement, 0);
        String noun = word(statement, 1);
        if (VERBS.contains(verb)) {
            switch (noun) {
                case "DATABASE":
                    return Optional.of("the server's databases");
                case "TABLESPACE":
                    return Optional.of("the server's tablespaces");
                case "SYSTEM":
                    return Optional.of("the server's settings");
                case "SUBSCRIPTION":
                    return Optional.of("a replication slot on another server");
                case "ROLE", "GROUP":
                    return serverIsOurs ? Optional.empty() : Optional.of("the server's roles");
                case "USER":
                    return serverIsOurs || word(statement, 2).equals("MAPPING")
                            ? Optional.empty()
                            : Optional.of("the server's roles");
                default:
                    return Optional.empty();
            }
        }
        boolean membership = (verb.equals("GRANT") || verb.equals("REVOKE")) && !statement.hasWord("ON");
        if (membership && !serverIsOurs) {
            return Optional.of("the server's roles");
        }
        if (verb.equals("DO") && !serverIsOurs && statement.tokens().stream().anyMatch(Escape::makesRole)) {
            return Optional.of("the server's roles");
        }
        if (verb.equals("COPY") && statement.hasWord("PROGRAM")) {
            return Optional.of("whatever that program changes");
        }
        boolean copiesOut = verb.equals("COPY") && statement.hasWord("TO") && !statement.hasWord("STDOUT");
        return copiesOut ? Optional.of("a file of the server's machine") : Optional.empty();
    }

    private static boolean makesRole(Token token) {
        return switch (token.kind()) {
            case STRING, DOLLAR_STRING -> ROLE_IN_A_BODY.matcher(token.text()).find();
            case WORD, QUOTED_IDENTIFIER, NUMBER, PARAMETER, OPERATOR, COMMENT -> false;
        };
    }

    private static String word(Statement statement, int at) {
        return at < statement.tokens().size()
                ? statement.tokens().get(at).text().toUpperCase(java.util.Locale.ROOT)
                : "";
    }
}
