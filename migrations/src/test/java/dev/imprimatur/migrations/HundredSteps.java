package dev.imprimatur.migrations;

import dev.imprimatur.migrations.layout.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A chain of more than a hundred steps that touches every kind of object a snapshot knows, in any layout. It stands in
 * {@code src/test/resources/hundred}: {@code == phase change}, the way there, {@code == down}, the way back.
 */
public final class HundredSteps {

    /**
     * One direction of a step.
     *
     * @param directives as our own layout writes them, without {@code -- migrate:}
     */
    public record Way(List<String> directives, String sql) {

        public Way {
            directives = List.copyOf(directives);
        }

        boolean withoutTransaction() {
            return directives.contains("no-transaction");
        }

        /** Elsewhere nothing runs a statement range by range: it is one over all rows. */
        private String whole() {
            String lossy = directives.stream()
                    .filter(directive -> directive.startsWith("lossy"))
                    .map(directive -> "-- migrate: " + directive + "\n")
                    .reduce("", String::concat);
            return lossy + sql.replaceAll("\\w+ BETWEEN :first AND :last", "true");
        }

        private String own() {
            return directives.stream()
                            .map(directive -> "-- migrate: " + directive + "\n")
                            .reduce("", String::concat)
                    + sql;
        }
    }

    /** A step; {@code phase} is {@code baseline} for the first. */
    public record Written(int number, String phase, String change, Way forward, Way down) {

        /** {@code 0001_expand_x}. */
        public String name() {
            return "%04d_".formatted(number) + (number == 0 ? "" : phase + "_") + change;
        }
    }

    private static final List<String> FILES = List.of("tables.sql", "rules.sql", "code.sql");

    private HundredSteps() {}

    public static List<Written> steps() throws IOException {
        List<Written> steps = new ArrayList<>();
        for (String file : FILES) {
            String[] halves = read(file).substring("== ".length()).split("\n== ", -1);
            for (int i = 0; i < halves.length; i += 2) {
                String[] title = halves[i].split("[ \n]", 3);
                if (!halves[i + 1].startsWith("down")) {
                    throw new IllegalStateException(file + ": no way back for " + halves[i]);
                }
                steps.add(new Written(steps.size(), title[0], title[1], way(halves[i]), way(halves[i + 1])));
            }
        }
        return steps;
    }

    private static Way way(String half) {
        int end = half.indexOf('\n');
        String[] head = half.substring(0, end).split(" \\| ", 2);
        return new Way(
                head.length == 1 ? List.of() : List.of(head[1]),
                half.substring(end + 1).stripTrailing() + "\n");
    }

    private static String read(String file) throws IOException {
        try (InputStream in = Objects.requireNonNull(HundredSteps.class.getResourceAsStream("/hundred/" + file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Writes the whole chain into an empty folder. */
    public static void write(Path folder, Layout layout) throws IOException {
        TestFolder own = new TestFolder(folder);
        for (Written step : steps()) {
            String name = step.phase() + "_" + step.change();
            int number = step.number() + 1;
            switch (layout) {
                case IMPRIMATUR ->
                    own.add(step.name(), step.forward().own(), step.down().own());
                case GOLANG_MIGRATE -> {
                    own.write(
                            "%06d_%s.up.sql".formatted(number, name),
                            step.forward().whole());
                    own.write(
                            "%06d_%s.down.sql".formatted(number, name),
                            step.down().whole());
                }
                case DIESEL -> diesel(folder.resolve("2026-01-01-%06d_%s".formatted(number, name)), step);
                case GOOSE -> own.write("%05d_%s.sql".formatted(number, name), goose(step));
                case DBMATE -> own.write("202601010%05d_%s.sql".formatted(number, name), dbmate(step));
                case FLYWAY -> {
                    own.write(
                            "V%d__%s.sql".formatted(number, name),
                            step.forward().whole());
                    own.write("U%d__%s.sql".formatted(number, name), step.down().whole());
                }
            }
        }
    }

    private static void diesel(Path folder, Written step) throws IOException {
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("up.sql"), step.forward().whole());
        Files.writeString(folder.resolve("down.sql"), step.down().whole());
        if (step.forward().withoutTransaction()) {
            Files.writeString(folder.resolve("metadata.toml"), "run_in_transaction = false\n");
        }
    }

    private static String goose(Written step) {
        return (step.forward().withoutTransaction() ? "-- +goose NO TRANSACTION\n" : "")
                + "-- +goose Up\n" + inOnePiece(step.forward().whole())
                + "-- +goose Down\n" + inOnePiece(step.down().whole());
    }

    /** Goose ends a statement at each line that ends in a semicolon, unless it is told where one begins and ends. */
    private static String inOnePiece(String sql) {
        return sql.contains("$") ? "-- +goose StatementBegin\n" + sql + "-- +goose StatementEnd\n" : sql;
    }

    private static String dbmate(Written step) {
        return "-- migrate:up" + option(step.forward()) + "\n" + step.forward().whole() + "\n-- migrate:down"
                + option(step.down()) + "\n" + step.down().whole();
    }

    private static String option(Way way) {
        return way.withoutTransaction() ? " transaction:false" : "";
    }
}
