package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.layout.TransactionRule;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a file does about transactions, as far as its words tell. */
final class Transactions {

    private static final Set<String> CONTROL =
            Set.of("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE");

    private Transactions() {}

    /** Whether the whole step can run there and back again within one transaction that is rolled back. */
    static boolean fitsIntoOne(ChainStep step) {
        return fitsIntoOne(step.forward())
                && step.down().map(Transactions::fitsIntoOne).orElse(true);
    }

    private static boolean fitsIntoOne(Part part) {
        List<Statement> statements = part.statements().list();
        return (part.transaction() != TransactionRule.NONE || part.batch().isPresent())
                && statements.stream()
                        .noneMatch(statement ->
                                controls(statement) || statement.refusesTransaction() || addsEnumValue(statement));
    }

    /** Whether the layout's runner, or the server for it, puts the statements into one transaction. */
    static boolean together(Part part) {
        List<Statement> statements = part.statements().list();
        return switch (part.transaction()) {
            case ONE -> true;
            case NONE -> false;
            case ONE_QUERY -> statements.size() > 1 && statements.stream().noneMatch(Transactions::controls);
        };
    }

    static boolean makesTemporaryTables(Part part) {
        return part.statements().list().stream()
                .anyMatch(statement -> statement.hasWord("TEMP") || statement.hasWord("TEMPORARY"));
    }

    static boolean controls(Statement statement) {
        return CONTROL.contains(statement.tokens().getFirst().text().toUpperCase(Locale.ROOT))
                || statement.startsWith("PREPARE", "TRANSACTION");
    }

    /** A new value can be used only once it is committed. */
    private static boolean addsEnumValue(Statement statement) {
        return statement.startsWith("ALTER", "TYPE") && statement.hasWord("ADD") && statement.hasWord("VALUE");
    }
}
