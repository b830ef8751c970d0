package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.rows.Draft.Nulls;
import dev.imprimatur.migrations.rows.Target.Leaf;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postgresql.util.PSQLException;

/**
 * Makes rows of one table. Several are sent at once, and those before a refused one stay; in place of the refused ones
 * others are tried one by one, chosen anew where the server's refusal points.
 */
final class RowMaker {

    /** How often a row is tried, at most. */
    enum Effort {
        /** For the first row of a table, without which later ones cannot do either. */
        GREAT(250),
        USUAL(80),
        /** For one more where some are. */
        SMALL(30);

        private final int tries;

        Effort(int tries) {
            this.tries = tries;
        }
    }

    private static final String ANY_ROW = "true";
    private static final int ROWS_AT_ONCE = 100;
    /** After so many refusals in a row the values that stay are in the way: all are chosen anew. */
    private static final int PATIENCE = 12;
    /** How many rows of those sent at once are in: a refusal takes back its own row alone. */
    private static final String COUNT = "imprimatur.made";

    private final Statement statement;
    private final Target target;
    private final Parents parents;
    private final Draft draft;
    private Refusal refusal = Refusal.NONE;

    RowMaker(Statement statement, Target target, Parents parents, long seed) {
        this.statement = statement;
        this.target = target;
        this.parents = parents;
        this.draft = new Draft(target, parents, seed);
    }

    /** What the server said to the last row it refused. */
    String refusal() {
        return refusal.told();
    }

    Refusal lastRefusal() {
        return refusal;
    }

    Draft draft() {
        return draft;
    }

    /** Inserts that many rows, or fewer when every try was refused; how many. */
    int insert(int wanted, Effort effort) throws SQLException {
        int made = 0;
        // The second row of a table that refers to itself can mean the first.
        boolean together = wanted > 1 && !(target.refersToItself() && effort == Effort.GREAT);
        while (together && made < wanted) {
            int sent = Math.min(wanted - made, ROWS_AT_ONCE);
            int in = insertTogether(sent);
            made += in;
            together = in == sent;
        }
        boolean taken = true;
        while (taken && made < wanted) {
            taken = insertOne(target.name(), ANY_ROW, made == 0 ? effort : smaller(effort));
            made += taken ? 1 : 0;
        }
        return made;
    }

    private static Effort smaller(Effort effort) {
        return effort == Effort.GREAT ? Effort.USUAL : effort;
    }

    /** Inserts one row into that partition; false when every try was refused. */
    boolean insertInto(Leaf leaf) throws SQLException {
        draft.mean(leaf);
        return insertOne(leaf.name(), ANY_ROW, Effort.GREAT);
    }

    /**
     * Inserts one row.
     *
     * @param fixed values in SQL that stay, by column
     * @param condition over the new row, whose columns are bare names; only a row for which it holds stays
     */
    boolean insertWith(Map<String, String> fixed, String condition) throws SQLException {
        draft.force(fixed);
        try {
            return insertOne(target.name(), condition, Effort.USUAL);
        } finally {
            draft.force(Map.of());
        }
    }

    private boolean insertOne(String into, String condition, Effort effort) throws SQLException {
        Map<String, String> row = draft.next();
        boolean judged = false;
        for (int tries = 0; tries < effort.tries; tries++) {
            Collection<String> anew = target.columnNames();
            try {
                if (stays("SAVEPOINT made; " + Insert.one(into, row, target), condition)) {
                    statement.execute("RELEASE made");
                    parents.forget(target.name());
                    return true;
                }
                refusal = judged ? refusal : Refusal.NOT_MEANT;
            } catch (PSQLException e) {
                refusal = Refusal.of(e, target);
                refusal.forbidden().ifPresent(draft::neverNull);
                anew = refusal.blamed();
                judged = true;
            }
            statement.execute("ROLLBACK TO made; RELEASE made");
            draft.choose(tries % PATIENCE == PATIENCE - 1 ? target.columnNames() : anew, nulls(tries));
            row = draft.row();
        }
        return false;
    }

    /** Whether the second statement put a row in for which the condition holds: a trigger or rule may keep it out. */
    private boolean stays(String sql, String condition) throws SQLException {
        boolean any = condition.equals(ANY_ROW);
        statement.execute(any ? sql : sql + " RETURNING " + condition);
        statement.getMoreResults();
        if (any) {
            return statement.getLargeUpdateCount() > 0;
        }
        try (ResultSet made = statement.getResultSet()) {
            return made != null && made.next() && made.getBoolean(1);
        }
    }

    /** Checks that count NULLs are met sooner by each of their answers in turn. */
    private static Nulls nulls(int tries) {
        return switch (tries % 5) {
            case 1 -> Nulls.ALL_BUT_ONE;
            case 2 -> Nulls.NONE;
            case 4 -> Nulls.ALL;
            default -> Nulls.ANY;
        };
    }

    /** Drops each row that is refused; how many are in. */
    private int insertTogether(int count) throws SQLException {
        Deque<Map<String, String>> rows = new ArrayDeque<>();
        while (rows.size() < count) {
            rows.add(new LinkedHashMap<>(draft.next()));
        }
        parents.forget(target.name());
        try {
            boolean anyIn = stays("SAVEPOINT made; " + Insert.all(target, rows), ANY_ROW);
            long in = rows.getFirst().isEmpty() ? count : statement.getLargeUpdateCount();
            statement.execute(anyIn ? "RELEASE made" : "ROLLBACK TO made; RELEASE made");
            return anyIn ? (int) in : 0;
        } catch (PSQLException e) {
            refused(e);
        }
        int in = 0;
        while (!rows.isEmpty()) {
            int sent = insertInTurn(rows);
            in += sent;
            for (int i = 0; i < sent; i++) {
                rows.remove();
            }
            rows.poll();
        }
        return in;
    }

    /** How many of the rows are in, up to the first refused one. */
    private int insertInTurn(Collection<Map<String, String>> rows) throws SQLException {
        StringBuilder sql = new StringBuilder("SET LOCAL " + COUNT + " = 0; ");
        int number = 0;
        for (Map<String, String> row : rows) {
            sql.append("SAVEPOINT made; ")
                    .append(Insert.one(target.name(), row, target))
                    .append("; SET LOCAL " + COUNT + " = ")
                    .append(++number)
                    .append("; RELEASE made; ");
        }
        try {
            statement.execute(sql.toString());
            return number;
        } catch (PSQLException e) {
            refused(e);
            try (ResultSet row = statement.executeQuery("SELECT pg_catalog.current_setting('" + COUNT + "')")) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private void refused(PSQLException e) throws SQLException {
        refusal = Refusal.of(e, target);
        refusal.forbidden().ifPresent(draft::neverNull);
        statement.execute("ROLLBACK TO made; RELEASE made");
    }
}
