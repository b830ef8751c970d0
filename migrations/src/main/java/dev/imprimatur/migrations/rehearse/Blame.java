package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Token;
import dev.imprimatur.migrations.layout.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the statement that most likely made an object what it is: the one that speaks of it most. */
final class Blame {

    private static final Pattern IDENTIFIER = Pattern.compile("\"((?:[^\"]|\"\")+)\"|[\\p{L}_][\\p{L}\\p{N}_$]*");

    private Blame() {}

    /** In the first of the files that speaks of it; where none does, the first file as a whole. */
    static Optional<Finding.Place> place(String object, Part... parts) {
        List<String> names = names(object);
        for (Part part : parts) {
            Statement best = null;
            int most = 0;
            for (Statement statement : part.statements().list()) {
                int score = score(statement, names);
                // A later statement has the last word.
                if (score > 0 && score >= most) {
                    most = score;
                    best = statement;
                }
            }
            if (best != null) {
                return Optional.of(new Finding.Place(part.file(), best.line()));
            }
        }
        return Optional.of(new Finding.Place(parts[0].file(), 1));
    }

    /** The last name counts most: of {@code column posts.slug} it is the column's. */
    private static int score(Statement statement, List<String> names) {
        Set<String> words = new HashSet<>();
        for (Token token : statement.tokens()) {
            switch (token.kind()) {
                case WORD, QUOTED_IDENTIFIER -> words.add(token.identifier());
                case DOLLAR_STRING, STRING -> words.addAll(identifiers(token.text()));
                case NUMBER, PARAMETER, OPERATOR, COMMENT -> {}
            }
        }
        int score = 0;
        for (int i = 0; i < names.size(); i++) {
            if (words.contains(names.get(i))) {
                score += i == names.size() - 1 ? names.size() : 1;
            }
        }
        return score;
    }

    private static List<String> names(String text) {
        String bare = text.replaceFirst("\\(.*", "");
        int kind = bare.lastIndexOf(' ');
        String name = kind < 0 || bare.contains("'") ? text : bare.substring(kind + 1);
        return identifiers(name);
    }

    private static List<String> identifiers(String text) {
        List<String> names = new ArrayList<>();
        Matcher identifier = IDENTIFIER.matcher(text);
        while (identifier.find()) {
            names.add(
                    identifier.group(1) == null
                            ? identifier.group().toLowerCase(Locale.ROOT)
                            : identifier.group(1).replace("\"\"", "\""));
        }
        return names;
    }
}
