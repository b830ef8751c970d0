package dev.imprimatur.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A chain of migrations as projects have them, in the layout of golang-migrate: a table, something small done to it or to an
 * earlier one, the next table, and so on. The same number of steps is the same chain each time, each step fits into a
 * transaction and can be taken back.
 */
final class GeneratedChain {
    private static final String NOTE = "note text DEFAULT 'none'";

    private record Change(String name, String up, String down) {}

    private GeneratedChain() {}

    /** Writes so many steps, on half as many tables, into a folder that exists. */
    static void write(Path folder, int steps) throws IOException {
        List<Change> changes = new ArrayList<>();
        for (int table = 0; changes.size() < steps; table++) {
            changes.add(create(table));
            changes.add(change(table));
        }
        for (int i = 0; i < steps; i++) {
            write(folder, i + 1, changes.get(i));
        }
    }

    /** Writes so many steps that cannot run in a transaction, each on a table that the benchmark made before. */
    static void writeCopied(Path folder, int steps) throws IOException {
        for (int i = 0; i < steps; i++) {
            String index = "idle_%d_state".formatted(i);
            write(
                    folder,
                    i + 1,
                    new Change(
                            "index_concurrently_" + i,
                            "CREATE INDEX CONCURRENTLY %s ON idle_%d (state);".formatted(index, i),
                            "DROP INDEX %s;".formatted(index)));
        }
    }

    /** What a table of the chain looks like, under any name. */
    static String table(String name) {
        return """
                CREATE TABLE %s (
                  id bigint PRIMARY KEY,
                  name text NOT NULL,
                  amount integer,
                  seen timestamptz NOT NULL DEFAULT '2026-01-01 00:00:00+00',
                  code uuid,
                  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done'))
                );
                """.formatted(name);
    }

    private static void write(Path folder, int number, Change change) throws IOException {
        String stem = number + "_" + change.name();
        Files.writeString(folder.resolve(stem + ".up.sql"), change.up());
        Files.writeString(folder.resolve(stem + ".down.sql"), change.down());
    }

    private static Change create(int number) {
        String name = "items_" + number;
        return new Change("create_" + name, table(name), "DROP TABLE %s;".formatted(name));
    }

    private static Change change(int n) {
        String table = "items_" + n;
        return switch (n % 10) {
            case 0 ->
                new Change(
                        "add_note_" + n,
                        "ALTER TABLE %s ADD COLUMN %s;".formatted(table, NOTE),
                        "ALTER TABLE %s DROP COLUMN note;".formatted(table));
            case 1 -> new Change("index_name_" + n, createIndex(n), "DROP INDEX %s_name;".formatted(table));
            case 2 ->
                new Change(
                        "check_name_" + n,
                        "ALTER TABLE %s ADD CONSTRAINT %s_name CHECK (length(name) >= 0);".formatted(table, table),
                        "ALTER TABLE %s DROP CONSTRAINT %s_name;".formatted(table, table));
            case 3 -> new Change("view_" + n, createView(n), "DROP VIEW %s_open;".formatted(table));
            case 4 ->
                new Change(
                        "function_" + n,
                        "CREATE FUNCTION name_of_%d(bigint) RETURNS text LANGUAGE sql STABLE AS 'SELECT name FROM %s WHERE id = $1';"
                                .formatted(n, table),
                        "DROP FUNCTION name_of_%d(bigint);".formatted(n));
            case 5 ->
                new Change(
                        "comment_" + n,
                        "COMMENT ON TABLE %s IS 'Things of sort %d.';".formatted(table, n),
                        "COMMENT ON TABLE %s IS NULL;".formatted(table));
            case 6 ->
                new Change(
                        "reference_" + n,
                        "ALTER TABLE %s ADD COLUMN parent bigint REFERENCES items_%d;".formatted(table, n - 1),
                        "ALTER TABLE %s DROP COLUMN parent;".formatted(table));
            case 7 -> new Change("drop_index_" + n, "DROP INDEX items_%d_name;".formatted(n - 6), createIndex(n - 6));
            case 8 -> new Change("drop_view_" + n, "DROP VIEW items_%d_open;".formatted(n - 5), createView(n - 5));
            case 9 ->
                new Change(
                        "drop_note_" + n,
                        "ALTER TABLE items_%d DROP COLUMN note;".formatted(n - 9),
                        "-- migrate: lossy nobody reads the notes\nALTER TABLE items_%d ADD COLUMN %s;"
                                .formatted(n - 9, NOTE));
            default -> throw new IllegalArgumentException("no table has the number " + n);
        };
    }

    private static String createIndex(int n) {
        return "CREATE INDEX items_%d_name ON items_%d (name);".formatted(n, n);
    }

    private static String createView(int n) {
        return "CREATE VIEW items_%d_open AS SELECT id, name FROM items_%d WHERE state = 'open';".formatted(n, n);
    }
}
