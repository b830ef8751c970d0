package dev.imprimatur.migrations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table in the folder's {@code README.md} that tells why each migration exists, where its plan is and what it
 * costs:
 *
 * <pre>{@code
 * | # | Date | Name | Plan | Forward cost | Rollback cost | Notes |
 * |---|---|---|---|---|---|---|
 * | 0001 | 2026-11-23 | expand_slug | [plan](../../docs/plans/slug.md) | Low | Low | Links need a readable end. |
 * }</pre>
 *
 * <p>It is found by its header, outside fenced code blocks, and ends at the first line that is no table row. A pipe
 * inside a cell is written {@code \|}. The name may be written with or without its number, and in back quotes.
 *
 * @param headerLine the line of the header, counted from 1
 * @param rows the rows in order, faulty ones included
 */
public record Registry(int headerLine, List<Row> rows) {

    /** The file of the folder that holds the registry. */
    public static final String FILE = "README.md";

    static final String HEADER = "| # | Date | Name | Plan | Forward cost | Rollback cost | Notes |";
    private static final List<String> COLUMNS = cells(HEADER);
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]+]\\(\\s*<?([^)\\s>]+)>?[^)]*\\)");
    private static final Pattern COST = Pattern.compile("(Low|Medium|High)\\b.*", Pattern.DOTALL);

    public Registry {
        rows = List.copyOf(rows);
    }

    /**
     * One row, its cells trimmed; a cell that the row lacks is empty.
     *
     * @param line counted from 1
     */
    public record Row(int line, List<String> cells) {

        public Row {
            cells = List.copyOf(cells);
        }

        private String cell(int column) {
            return column < cells.size() ? cells.get(column) : "";
        }

        /** The migration's number; empty when the cell is not one to four digits. */
        public Optional<Integer> number() {
            String digits = plain(cell(0));
            return digits.matches("\\d{1,4}") ? Optional.of(Integer.valueOf(digits)) : Optional.empty();
        }

        public String date() {
            return plain(cell(1));
        }

        /** The migration's name as written, without back quotes. */
        public String name() {
            return plain(cell(2));
        }

        /** The target of the link to the plan; empty when the cell holds no markdown link. */
        public Optional<String> plan() {
            Matcher link = LINK.matcher(cell(3));
            return link.find() ? Optional.of(link.group(1)) : Optional.empty();
        }

        public String forwardCost() {
            return cell(4);
        }

        public String rollbackCost() {
            return cell(5);
        }

        /** Why the migration exists. */
        public String notes() {
            return cell(6);
        }

        static boolean isCost(String cell) {
            return COST.matcher(cell).matches();
        }

        private static String plain(String cell) {
            return cell.replace("`", "").strip();
        }
    }

    /** Finds the registry in a markdown text; empty when no line is its header. */
    public static Optional<Registry> parse(String markdown) {
        List<String> lines = markdown.lines().toList();
        String fence = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (fence.isEmpty() && (line.startsWith("```") || line.startsWith("~~~"))) {
                fence = line.substring(0, 3);
            } else if (!fence.isEmpty()) {
                fence = line.startsWith(fence) ? "" : fence;
            } else if (cells(line).equals(COLUMNS)) {
                return Optional.of(new Registry(i + 1, rowsBelow(lines, i + 1)));
            }
        }
        return Optional.empty();
    }

    /**
     * Writes what a migration costs into its row, as a rehearsal has measured it, and leaves every other byte as it is.
     * {@code Low} is below a second without a table written anew, {@code Medium} below ten seconds, {@code High} all else.
     *
     * @param folder the folder with the migrations
     * @param receipt of the migration, which names it and holds the figures
     * @return the file that was changed
     * @throws MigrationException {@link MigrationException.Reason#FOLDER_UNREADABLE} when there is no registry, no row of
     *     that migration with all its cells, or the file cannot be read as UTF-8 or written
     */
    public static Path record(Path folder, Receipt receipt) {
        Path file = folder.resolve(FILE);
        try {
            int number = Integer.parseInt(receipt.name().substring(0, 4));
            String text = RegistryCosts.in(Files.readString(file), number, MeasuredCost.of(receipt.figures()))
                    .orElseThrow(() -> new MigrationException(
                            MigrationException.Reason.FOLDER_UNREADABLE,
                            "%s has no whole row for %s; `migrate lint` tells how to write it."
                                    .formatted(file, receipt.name())));
            WholeFile.write(file, text);
            return file;
        } catch (IOException e) {
            throw new MigrationException(
                    MigrationException.Reason.FOLDER_UNREADABLE,
                    "The costs of %s could not be written to %s: %s".formatted(receipt.name(), file, e),
                    e);
        }
    }

    private static List<Row> rowsBelow(List<String> lines, int start) {
        List<Row> rows = new ArrayList<>();
        for (int i = start; i < lines.size() && lines.get(i).strip().startsWith("|"); i++) {
            List<String> cells = cells(lines.get(i).strip());
            if (!cells.stream().allMatch(cell -> cell.matches(":?-+:?"))) {
                rows.add(new Row(i + 1, cells));
            }
        }
        return rows;
    }

    private static List<String> cells(String line) {
        if (!line.startsWith("|")) {
            return List.of();
        }
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        for (int i = 1; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length() && line.charAt(i + 1) == '|') {
                cell.append('|');
                i++;
            } else if (c == '|') {
                cells.add(cell.toString().strip());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        if (!cell.toString().isBlank()) {
            cells.add(cell.toString().strip());
        }
        return cells;
    }
}
