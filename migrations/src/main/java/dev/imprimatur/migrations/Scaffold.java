package dev.imprimatur.migrations;

import dev.imprimatur.migrations.MigrationException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of a new migration: forward, down, and its row in the registry. */
public final class Scaffold {

    private static final String README = """
            # Migrations

            %s
            |---|---|---|---|---|---|---|
            """.formatted(Registry.HEADER);

    private Scaffold() {}

    /**
     * Writes the files of the next migration. What only a person knows (plan, costs, rationale, the SQL) is left empty,
     * and {@code migrate lint} asks for it.
     *
     * @param folder created if need be
     * @param phase {@link Phase#BASELINE} in an empty folder, and only there
     * @param change lower-case letters, digits and underscores
     * @return the files that were written, forward first
     * @throws MigrationException {@link Reason#USAGE} when name or phase do not fit, {@link Reason#FOLDER_UNREADABLE}
     *     when a file cannot be written
     */
    public static List<Path> write(Path folder, Phase phase, String change, LocalDate date) {
        if (!change.matches("[a-z0-9_]+")) {
            throw usage("A change is named in lower-case letters, digits and underscores, not `" + change + "`.");
        }
        try {
            Files.createDirectories(folder);
            int number = nextNumber(folder);
            if ((number == 0) != (phase == Phase.BASELINE)) {
                throw usage(
                        number == 0
                                ? "The folder is empty: begin with `migrate new baseline initial_schema`."
                                : "There is a baseline already: choose expand, backfill, constrain or contract.");
            }
            return write(folder, number, phase, change, date);
        } catch (IOException e) {
            throw new MigrationException(
                    Reason.FOLDER_UNREADABLE, "The migration cannot be written: " + e.getMessage(), e);
        }
    }

    private static List<Path> write(Path folder, int number, Phase phase, String change, LocalDate date)
            throws IOException {
        String name = Migration.name(number, phase, change);
        Path forward = folder.resolve(name + ".sql");
        Path down = folder.resolve(name + ".down.sql");
        Files.writeString(forward, forwardText(phase), StandardOpenOption.CREATE_NEW);
        Files.writeString(down, "", StandardOpenOption.CREATE_NEW);
        Path readme = folder.resolve(Registry.FILE);
        String row = "| %04d | %s | %s |  |  |  |  |".formatted(number, date, name.substring(5));
        Files.writeString(readme, withRow(Files.exists(readme) ? Files.readString(readme) : README, row));
        return List.of(forward, down, readme);
    }

    /** By file names alone: a number is taken even when its migration is not complete. */
    private static int nextNumber(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                            .filter(name -> name.matches("\\d{4}_.*\\.sql"))
                            .mapToInt(name -> Integer.parseInt(name.substring(0, 4)))
                            .max()
                            .orElse(-1)
                    + 1;
        }
    }

    private static String forwardText(Phase phase) {
        return switch (phase) {
            case BASELINE -> "-- The schema as it is first set up.\n";
            case EXPAND -> "-- Adds only what old code does not notice: it keeps running beside this.\n";
            case BACKFILL -> """
                    -- Changes rows, not the catalog; a second run changes nothing. For many rows, begin the file with
                    -- "-- migrate: batch posts by id size 5000" and write WHERE id BETWEEN :first AND :last.
                    """;
            case CONSTRAIN -> "-- Forbids what no running code does any more.\n";
            case CONTRACT -> "-- Drops what no running code reads or writes any more.\n";
        };
    }

    private static String withRow(String markdown, String row) {
        Optional<Registry> registry = Registry.parse(markdown);
        if (registry.isEmpty()) {
            String gap = markdown.isEmpty() || markdown.endsWith("\n") ? "" : "\n";
            return markdown + gap + "\n" + Registry.HEADER + "\n|---|---|---|---|---|---|---|\n" + row + "\n";
        }
        List<String> lines = new ArrayList<>(markdown.lines().toList());
        int end = registry.get().headerLine();
        while (end < lines.size() && lines.get(end).strip().startsWith("|")) {
            end++;
        }
        lines.add(end, row);
        return String.join("\n", lines) + "\n";
    }

    private static MigrationException usage(String message) {
        return new MigrationException(Reason.USAGE, message);
    }
}
