package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Direction;
import dev.imprimatur.migrations.Lines;
import dev.imprimatur.migrations.SourceText;
import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Token;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One SQL file of Flyway with the {@code .conf} beside it.
 *
 * <p>Flyway's rule: a file that holds a statement which it takes for non-transactional (CREATE or DROP of a DATABASE,
 * TABLESPACE or SUBSCRIPTION, ALTER SYSTEM, CREATE or DROP INDEX CONCURRENTLY, REINDEX of a SCHEMA, DATABASE or SYSTEM,
 * VACUUM, DISCARD ALL) runs without a transaction, statement by statement. One that holds both kinds is refused, unless
 * the project sets {@code mixed}, and then runs without a transaction too. {@code executeInTransaction} in
 * {@code <file>.conf} overrides both. Any other statement that a transaction forbids fails in Flyway.
 */
final class FlywayScript {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^}]*}");
    private static final String[][] NON_TRANSACTIONAL = {
        {"CREATE", "DATABASE"},
        {"DROP", "DATABASE"},
        {"CREATE", "TABLESPACE"},
        {"DROP", "TABLESPACE"},
        {"CREATE", "SUBSCRIPTION"},
        {"DROP", "SUBSCRIPTION"},
        {"ALTER", "SYSTEM"},
        {"CREATE", "INDEX", "CONCURRENTLY"},
        {"CREATE", "UNIQUE", "INDEX", "CONCURRENTLY"},
        {"DROP", "INDEX", "CONCURRENTLY"},
        {"REINDEX", "SCHEMA"},
        {"REINDEX", "DATABASE"},
        {"REINDEX", "SYSTEM"},
        {"REINDEX", "VERBOSE", "SCHEMA"},
        {"REINDEX", "VERBOSE", "DATABASE"},
        {"REINDEX", "VERBOSE", "SYSTEM"},
        {"VACUUM"},
        {"DISCARD", "ALL"}
    };

    private FlywayScript() {}

    static Section read(Direction direction, Path file) {
        Path configuration = file.resolveSibling(Folder.nameOf(file) + ".conf");
        if (!Files.exists(configuration)) {
            return read(direction, file, new Properties());
        }
        return switch (SourceText.of(configuration)) {
            case SourceText.Read(String text) -> read(direction, file, properties(text));
            case SourceText.Unreadable(var finding) ->
                read(direction, file, new Properties())
                        .with(new Unread(
                                configuration,
                                finding.line(),
                                finding.problem(),
                                finding.remedy(),
                                direction == Direction.FORWARD));
        };
    }

    private static Section read(Direction direction, Path file, Properties configuration) {
        String conf = Folder.nameOf(file) + ".conf";
        return switch (SourceText.of(file)) {
            case SourceText.Unreadable unreadable -> Section.ofFile(direction, file, TransactionRule.ONE);
            case SourceText.Read(String text) -> {
                Section section = Section.of(direction, file, text, TransactionRule.ONE);
                if (!"false".equalsIgnoreCase(configuration.getProperty("placeholderReplacement"))) {
                    section = placeholders(section, text, conf);
                }
                if (configuration.containsKey("shouldExecute")) {
                    section = section.with(1, "`shouldExecute` in " + conf + " decides whether it runs", "remove it");
                }
                yield transaction(section, configuration.getProperty("executeInTransaction"), conf);
            }
        };
    }

    private static Properties properties(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot fail to be read", e);
        }
        return properties;
    }

    private static Section placeholders(Section section, String text, String conf) {
        List<Token> comments = section.part().statements().comments();
        Matcher placeholder = PLACEHOLDER.matcher(text);
        Section found = section;
        while (placeholder.find()) {
            int at = placeholder.start();
            if (comments.stream().noneMatch(comment -> comment.offset() <= at && at < comment.end())) {
                found = found.with(
                        new Lines(text).at(at),
                        "the placeholder `" + placeholder.group() + "` has its value in Flyway's configuration",
                        "write the value into the file, or placeholderReplacement=false into " + conf);
            }
        }
        return found;
    }

    private static Section transaction(Section section, @Nullable String said, String conf) {
        if (said != null) {
            return section.with("false".equalsIgnoreCase(said.strip()) ? TransactionRule.NONE : TransactionRule.ONE);
        }
        List<Statement> statements = section.part().statements().list();
        Optional<Statement> without =
                statements.stream().filter(FlywayScript::isNonTransactional).findFirst();
        if (without.isEmpty()) {
            return section;
        }
        Section alone = section.with(TransactionRule.NONE);
        return statements.stream().allMatch(FlywayScript::isNonTransactional)
                ? alone
                : alone.with(
                        without.get().line(),
                        "this statement refuses a transaction, others in the file do not: Flyway refuses the file",
                        "split the file, or write executeInTransaction=false into " + conf);
    }

    private static boolean isNonTransactional(Statement statement) {
        for (String[] words : NON_TRANSACTIONAL) {
            if (statement.startsWith(words)) {
                return true;
            }
        }
        return false;
    }
}
