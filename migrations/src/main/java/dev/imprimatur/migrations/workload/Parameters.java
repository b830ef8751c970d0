package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Statements;
import dev.imprimatur.migrations.rows.Samples;
import dev.imprimatur.migrations.workload.Prepared.ParameterType;
import dev.imprimatur.migrations.workload.Sandbox.After;
import dev.imprimatur.migrations.workload.Sandbox.Attempt;
import dev.imprimatur.migrations.workload.Use.How;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Makes up parameters for writes: keys of rows that are there where one is compared, new values where one is written. */
final class Parameters implements AutoCloseable {

    private static final List<String> DIGITS = List.of("%064d", "%032d", "%d");
    private static final Set<String> TEXTS = Set.of("text", "character varying", "character", "citext", "name");
    private static final Set<String> NUMBERS =
            Set.of("smallint", "integer", "bigint", "numeric", "real", "double precision");

    private final Sandbox sandbox;
    private final Samples samples;
    private final Map<String, String> tables = new HashMap<>();

    Parameters(Sandbox sandbox) throws SQLException {
        this.sandbox = sandbox;
        this.samples = new Samples(sandbox.connection());
    }

    @Override
    public void close() throws SQLException {
        samples.close();
    }

    /** Makes parameters of one statement; its text is the seed. */
    Maker maker(String text, List<ParameterType> types) throws SQLException {
        Statement statement = Statements.of(text).list().getFirst();
        SortedMap<Integer, List<Use>> guesses = Uses.of(statement);
        List<List<Place>> places = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            List<Place> fitting = new ArrayList<>();
            for (Use use : guesses.getOrDefault(i + 1, List.of())) {
                place(use, types.get(i)).ifPresent(fitting::add);
            }
            places.add(fitting);
        }
        return new Maker(types, places, samples.draw(text.hashCode()));
    }

    private record Place(String table, String column, How how, boolean array) {}

    private Optional<Place> place(Use use, ParameterType type) throws SQLException {
        for (String name : use.tables()) {
            String table = resolved(name);
            Map<String, String> columns = samples.columns(table);
            // An INSERT without a column list means the table's columns in their order.
            String column = use.column().startsWith("#")
                    ? columns.keySet().stream()
                            .skip(Long.parseLong(use.column().substring(1)))
                            .findFirst()
                            .orElse("")
                    : use.column();
            String found = columns.get(column);
            if (found != null
                    && family(found).equals(family(use.array() ? type.name().replace("[]", "") : type.name()))) {
                return Optional.of(new Place(table, column, use.how(), use.array()));
            }
        }
        return Optional.empty();
    }

    private String resolved(String name) throws SQLException {
        String known = tables.get(name);
        if (known == null) {
            String quoted = "'" + name.replace("'", "''") + "'";
            known = switch (sandbox.attempt("""
                    SELECT pg_catalog.format('%%I.%%I', home.nspname, class.relname)
                      FROM pg_catalog.pg_class class JOIN pg_catalog.pg_namespace home ON home.oid = class.relnamespace
                     WHERE class.oid = pg_catalog.to_regclass(%s)""".formatted(quoted), After.UNDO)) {
                case Attempt.Done done -> done.rows().isEmpty() ? "" : done.value();
                case Attempt.Failed failed -> "";
                case Attempt.Hindered hindered -> "";
            };
            tables.put(name, known);
        }
        return known;
    }

    private static String family(String type) {
        String bare = type.replaceAll("\\([^)]*\\)", "");
        return TEXTS.contains(bare) ? "text" : NUMBERS.contains(bare) ? "number" : bare;
    }

    /** Makes parameters of one statement, others each time. */
    final class Maker {

        private final List<ParameterType> types;
        private final List<List<Place>> places;
        private final Samples.Draw draw;

        private Maker(List<ParameterType> types, List<List<Place>> places, Samples.Draw draw) {
            this.types = types;
            this.places = places;
            this.draw = draw;
        }

        /** As literals; empty when some value that was chosen does not even evaluate. */
        Optional<List<String>> make() throws SQLException {
            if (types.isEmpty()) {
                return Optional.of(List.of());
            }
            Optional<List<String>> expressions = sandbox.read(this::expressions);
            if (expressions.isEmpty()) {
                return Optional.empty();
            }
            // As text without a type, as a driver sends it: the type may be another one when it is sent again.
            String list = expressions.get().stream()
                    .map(expression -> "pg_catalog.quote_nullable((" + expression + ")::text)")
                    .collect(Collectors.joining(", "));
            return switch (sandbox.attempt("SELECT " + list, After.UNDO)) {
                case Attempt.Done done -> Optional.of(done.rows().getFirst());
                case Attempt.Failed failed -> Optional.empty();
                case Attempt.Hindered hindered -> Optional.empty();
            };
        }

        private List<String> expressions() throws SQLException {
            Map<String, Map<String, String>> there = new HashMap<>();
            Map<String, Map<String, String>> added = new HashMap<>();
            List<String> expressions = new ArrayList<>();
            for (int i = 0; i < types.size(); i++) {
                expressions.add(expression(i, there, added));
            }
            return expressions;
        }

        private String free(ParameterType type) throws SQLException {
            if (draw.chance(0.3)) {
                return "NULL";
            }
            // What functions and casts make of a text: a hash, a uuid, a number.
            return family(type.name()).equals("text") && draw.chance(0.6)
                    ? "'" + draw.oneOf(DIGITS).formatted(draw.number(1_000_000_000)) + "'"
                    : draw.value(type.oid());
        }

        private String expression(
                int index, Map<String, Map<String, String>> there, Map<String, Map<String, String>> added)
                throws SQLException {
            if (places.get(index).isEmpty()) {
                return free(types.get(index));
            }
            Place place = draw.oneOf(places.get(index));
            boolean old = place.how() == How.COMPARED || (place.how() == How.UPDATED && draw.chance(0.4));
            Map<String, Map<String, String>> drawn = old ? there : added;
            Map<String, String> row = drawn.get(place.table());
            if (row == null) {
                row = old ? draw.row(place.table()) : draw.newRow(place.table());
                drawn.put(place.table(), row);
            }
            String value = row.get(place.column());
            if (value == null) {
                return draw.value(types.get(index).oid());
            }
            return place.array() ? "ARRAY[" + value + "]" : value;
        }
    }
}
