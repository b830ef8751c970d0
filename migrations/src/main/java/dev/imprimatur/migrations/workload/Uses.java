package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Token;
import dev.imprimatur.migrations.workload.Use.How;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Guesses from the words of a statement which columns its parameters meet. A wrong guess costs a try and nothing else:
 * the server decides whether the statement runs.
 */
final class Uses {

    private static final Set<String> COMPARISONS = Set.of("=", "<", ">", "<=", ">=", "<>", "!=", "LIKE", "ILIKE");
    private static final Set<String> WRAPPERS = Set.of("COALESCE", "CAST", "ANY", "ALL", "IN");
    private static final Pattern CLAUSES = Pattern.compile(
            "SET|WHERE|ON|JOIN|LEFT|RIGHT|FULL|INNER|CROSS|NATURAL|VALUES|SELECT|USING|ORDER|GROUP|HAVING|LIMIT|OFFSET"
                    + "|FETCH|FOR|UNION|INTERSECT|EXCEPT|RETURNING|DEFAULT|OVERRIDING|FROM|WHEN|WINDOW|TABLESAMPLE|WITH"
                    + "|DO");

    private final List<Token> tokens;
    private final Map<String, String> named = new LinkedHashMap<>();
    private final SortedMap<Integer, List<Use>> uses = new TreeMap<>();
    private final Set<Integer> written = new HashSet<>();
    private String target = "";

    private Uses(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** By the parameter's number. */
    static SortedMap<Integer, List<Use>> of(Statement statement) {
        return new Uses(statement.tokens()).find();
    }

    private SortedMap<Integer, List<Use>> find() {
        for (int i = 0; i < tokens.size(); i++) {
            if (isWord(i, "FROM", "JOIN", "INTO", "UPDATE", "USING")
                    && !isWord(i - 1, "FOR", "KEY", "DISTINCT", "DO")) {
                name(i + 1);
            }
        }
        for (int i = 0; i < tokens.size(); i++) {
            if (isWord(i, "INTO")) {
                target = nameAt(i + 1);
                if (isWord(i - 1, "INSERT")) {
                    insert(afterName(i + 1));
                }
            } else if (isWord(i, "UPDATE") && !isWord(i - 1, "FOR", "KEY", "DO", "THEN")) {
                target = nameAt(isWord(i + 1, "ONLY") ? i + 2 : i + 1);
            } else if (isWord(i, "INSERT") && isWord(i - 1, "THEN")) {
                insert(i + 1);
            } else if (isWord(i, "SET") && !target.isEmpty()) {
                update(i + 1);
            }
        }
        for (int i = 0; i < tokens.size(); i++) {
            if (isParameter(i) && !written.contains(i)) {
                compare(i);
            }
        }
        return uses;
    }

    private void name(int from) {
        int at = isWord(from, "ONLY") ? from + 1 : from;
        while (isIdentifier(at)) {
            String name = nameAt(at);
            int end = afterName(at);
            int alias = isWord(end, "AS") ? end + 1 : end;
            boolean hasAlias =
                    isIdentifier(alias) && !CLAUSES.matcher(upper(alias)).matches();
            named.put(
                    hasAlias
                            ? tokens.get(alias).identifier()
                            : tokens.get(end - 1).identifier(),
                    name);
            at = hasAlias ? alias + 1 : end;
            if (!isSymbol(at, ",")) {
                return;
            }
            at++;
        }
    }

    private void insert(int from) {
        int at = isWord(from, "AS") ? from + 2 : from;
        List<String> columns = new ArrayList<>();
        if (isSymbol(at, "(") && !isWord(at + 1, "SELECT", "WITH", "VALUES")) {
            for (at++; at < tokens.size() && !isSymbol(at, ")"); at++) {
                if (isIdentifier(at)) {
                    columns.add(tokens.get(at).identifier());
                }
            }
            at++;
        }
        if (isWord(at, "OVERRIDING")) {
            at += 3;
        }
        if (isWord(at, "SELECT")) {
            list(at + 1, columns);
        } else if (isWord(at, "VALUES")) {
            at++;
            while (isSymbol(at, "(")) {
                at = list(at + 1, columns) + 1;
                if (isSymbol(at, ",")) {
                    at++;
                }
            }
        }
    }

    /** Goes through expressions between commas, and gives where the list ends. */
    private int list(int from, List<String> columns) {
        int start = from;
        int column = 0;
        while (true) {
            int end = endOfExpression(start);
            if (column < columns.size()) {
                write(columns.get(column), start, end, How.INSERTED);
            } else if (columns.isEmpty()) {
                write("#" + column, start, end, How.INSERTED);
            }
            column++;
            if (!isSymbol(end, ",")) {
                return end;
            }
            start = end + 1;
        }
    }

    private void update(int from) {
        int at = from;
        while (isIdentifier(at) && isSymbol(at + 1, "=")) {
            int end = endOfExpression(at + 2);
            write(tokens.get(at).identifier(), at + 2, end, How.UPDATED);
            if (!isSymbol(end, ",")) {
                return;
            }
            at = end + 1;
        }
    }

    private int endOfExpression(int from) {
        int depth = 0;
        int at = from;
        while (at < tokens.size()) {
            if (isSymbol(at, "(") || isSymbol(at, "[") || isWord(at, "CASE")) {
                depth++;
            } else if (isSymbol(at, ")") || isSymbol(at, "]") || isWord(at, "END")) {
                depth--;
            }
            boolean clause = depth == 0
                    && isIdentifier(at)
                    && CLAUSES.matcher(upper(at)).matches()
                    && !(isWord(at, "FROM") && isWord(at - 1, "DISTINCT"));
            if (depth < 0 || clause || (depth == 0 && isSymbol(at, ","))) {
                return at;
            }
            at++;
        }
        return at;
    }

    /** A parameter that is the whole expression, but for a cast or a stand-in for null, is the column's value. */
    private void write(String column, int start, int end, How how) {
        boolean wrapped = isWord(start, "CAST", "COALESCE") && isSymbol(start + 1, "(");
        int at = wrapped ? start + 2 : start;
        boolean whole = wrapped || at + 1 == end || isSymbol(at + 1, "::");
        if (at < end && isParameter(at) && whole) {
            written.add(at);
            add(at, new Use(List.of(target), column, how, false));
        }
    }

    private void compare(int parameter) {
        int before = parameter - 1;
        boolean array = false;
        while (isSymbol(before, "(") || isSymbol(before, ",") || isParameter(before) || isWrapper(before)) {
            array |= isWord(before, "ANY", "ALL");
            if (isWord(before, "IN")) {
                column(before - 1, false, parameter);
                return;
            }
            before--;
        }
        if (isComparison(before)) {
            column(before - 1, array, parameter);
        }
        if (isComparison(parameter + 1) && isIdentifier(parameter + 2)) {
            int last = isSymbol(parameter + 3, ".") ? parameter + 4 : parameter + 2;
            column(last, false, parameter);
        }
    }

    private void column(int last, boolean array, int parameter) {
        int at = isWord(last, "NOT") ? last - 1 : last;
        if (!isIdentifier(at)) {
            return;
        }
        List<String> tables;
        if (isSymbol(at - 1, ".") && isIdentifier(at - 2)) {
            String table = named.get(tokens.get(at - 2).identifier());
            tables = table == null ? List.of() : List.of(table);
        } else {
            tables = named.values().stream().distinct().toList();
        }
        add(parameter, new Use(tables, tokens.get(at).identifier(), How.COMPARED, array));
    }

    private void add(int parameter, Use use) {
        int number = Integer.parseInt(tokens.get(parameter).text().substring(1));
        uses.computeIfAbsent(number, none -> new ArrayList<>()).add(use);
    }

    private String nameAt(int at) {
        StringBuilder name = new StringBuilder();
        for (int i = at; i < afterName(at); i++) {
            name.append(tokens.get(i).text());
        }
        return name.toString();
    }

    private int afterName(int at) {
        if (!isIdentifier(at)) {
            return at;
        }
        int end = at + 1;
        while (isSymbol(end, ".") && isIdentifier(end + 1)) {
            end += 2;
        }
        return end;
    }

    private boolean isWrapper(int at) {
        return isIdentifier(at) && WRAPPERS.contains(upper(at));
    }

    private boolean isComparison(int at) {
        return at >= 0 && at < tokens.size() && COMPARISONS.contains(upper(at));
    }

    private boolean isParameter(int at) {
        return at >= 0 && at < tokens.size() && tokens.get(at).kind() == Token.Kind.PARAMETER;
    }

    private boolean isIdentifier(int at) {
        return at >= 0
                && at < tokens.size()
                && (tokens.get(at).kind() == Token.Kind.WORD || tokens.get(at).kind() == Token.Kind.QUOTED_IDENTIFIER);
    }

    private boolean isSymbol(int at, String symbol) {
        return at >= 0 && at < tokens.size() && tokens.get(at).isSymbol(symbol);
    }

    private boolean isWord(int at, String... words) {
        if (at < 0 || at >= tokens.size()) {
            return false;
        }
        for (String word : words) {
            if (tokens.get(at).isWord(word)) {
                return true;
            }
        }
        return false;
    }

    private String upper(int at) {
        return tokens.get(at).text().toUpperCase(Locale.ROOT);
    }
}
