package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.rows.Target.Column;
import dev.imprimatur.migrations.rows.Target.Reference;
import dev.imprimatur.migrations.rows.Target.Rule;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What the server said to a row that it refused.
 *
 * @param blamed the columns it speaks of; all, when it does not say
 * @param forbidden a column that turned out to take no NULL
 * @param told in a sentence, with the constraint's definition
 */
record Refusal(String state, List<String> blamed, Optional<String> forbidden, String told) {

    static final Refusal NONE = new Refusal("", List.of(), Optional.empty(), "no row was tried");

    /** The server took the row, but it was not the one that was wanted. */
    static final Refusal NOT_MEANT = new Refusal(
            "", List.of(), Optional.empty(), "no row like that was found, or a trigger or rule kept it out");

    /** @throws SQLException the one given, when it comes from anything but the server's judgement */
    static Refusal of(PSQLException exception, Target target) throws SQLException {
        ServerErrorMessage error = exception.getServerErrorMessage();
        if (error == null || String.valueOf(error.getSQLState()).startsWith("08")) {
            throw exception;
        }
        String state = String.valueOf(error.getSQLState());
        String message = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        String name = String.valueOf(error.getConstraint());
        for (Reference reference : target.references()) {
            if (reference.name().equals(name)) {
                return new Refusal(state, reference.columns(), Optional.empty(), told(message, state, ""));
            }
        }
        for (Rule rule : target.rules()) {
            if (rule.name().equals(name)) {
                List<String> blamed = rule.columns().isEmpty() ? target.columnNames() : rule.columns();
                return new Refusal(state, blamed, Optional.empty(), told(message, state, rule.definition()));
            }
        }
        Optional<String> column = column(error, target);
        return new Refusal(
                state,
                column.map(List::of).orElseGet(() -> ofType(error, target)),
                state.equals("23502") ? column : Optional.empty(),
                told(message, state, ""));
    }

    private static Optional<String> column(ServerErrorMessage error, Target target) {
        String column = error.getColumn();
        return target.columnNames().stream()
                .filter(name -> name.equals(column) || name.equals("\"" + column + "\""))
                .findFirst();
    }

    /** A domain's check names the domain, not the column. */
    private static List<String> ofType(ServerErrorMessage error, Target target) {
        String domain = error.getDatatype();
        List<String> ofDomain = target.columns().stream()
                .filter(column -> domain != null && column.type().sql().contains(domain))
                .map(Column::name)
                .toList();
        return ofDomain.isEmpty() ? target.columnNames() : ofDomain;
    }

    private static String told(String message, String state, String definition) {
        return message + " (SQLSTATE " + state + (definition.isEmpty() ? ")" : "; " + definition + ")");
    }
}
