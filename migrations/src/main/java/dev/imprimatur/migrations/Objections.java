package dev.imprimatur.migrations;

import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.Objection.Lost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The objections against the contracts of a folder: {@code receipts/<name>.broken.sql} beside the receipts, committed with
 * them. It is SQL, so that a reviewer reads it as what it is, and a later rehearsal can take it for a workload.
 */
public final class Objections {

    private static final Pattern FORWARD = Pattern.compile("(?m)^-- forward: ([0-9a-f]{64})$");
    private static final Pattern REHEARSED = Pattern.compile("(?m)^-- rehearsed: (\\S+)$");
    private static final Pattern FAILS = Pattern.compile("-- fails: (.*)");

    private final Path folder;

    private Objections(Path folder) {
        this.folder = folder;
    }

    /** The objections that belong to a folder of migrations. */
    public static Objections of(Path migrations) {
        return new Objections(migrations.resolve("receipts"));
    }

    /** Where the objection against the migration of this name is, or would be. */
    public Path file(String name) {
        return folder.resolve(name + ".broken.sql");
    }

    /**
     * What is on record against the migration as its files are now; empty when there is nothing.
     *
     * @throws MigrationException {@link Reason#FOLDER_UNREADABLE} when the file is not in the form in which it is written
     */
    public Optional<Objection> read(Migration migration) {
        return read(migration.name()).filter(objection -> objection.isAbout(migration));
    }

    private Optional<Objection> read(String name) {
        Path file = file(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw unreadable(file, e.toString());
        }
        Statements statements = Statements.of(text.replace("\r\n", "\n"));
        Matcher forward = FORWARD.matcher(text);
        Matcher rehearsed = REHEARSED.matcher(text);
        if (!forward.find() || !rehearsed.find() || !statements.flaws().isEmpty()) {
            throw unreadable(file, "it lacks its head, or something in it has no end");
        }
        try {
            return Optional.of(
                    new Objection(name, forward.group(1), Instant.parse(rehearsed.group(1)), lost(statements)));
        } catch (DateTimeException e) {
            throw unreadable(file, "`rehearsed` is no instant such as 2026-11-23T09:00:00Z");
        }
    }

    private static List<Lost> lost(Statements statements) {
        List<Lost> queries = new ArrayList<>();
        for (Statement statement : statements.list()) {
            String error = statements.comments().stream()
                    .filter(comment -> comment.offset() < statement.offset())
                    .map(comment -> FAILS.matcher(comment.text()))
                    .filter(Matcher::matches)
                    .map(fails -> fails.group(1))
                    .reduce((earlier, later) -> later)
                    .orElse("not said how");
            queries.add(new Lost(statement.text(), error));
        }
        return queries;
    }

    private static MigrationException unreadable(Path file, String why) {
        return new MigrationException(
                Reason.FOLDER_UNREADABLE,
                "%s cannot be read: %s. Restore it, or make it anew with `migrate rehearse --record`."
                        .formatted(file, why));
    }

    /**
     * Writes an objection whole or not at all. Queries that an earlier rehearsal of the same file has found stay, since
     * another workload proves nothing about them.
     *
     * @return the file
     * @throws MigrationException {@link Reason#FOLDER_UNREADABLE} when it cannot be written
     */
    public Path write(Objection found) {
        Path file = file(found.name());
        Objection whole = read(found.name()).map(found::and).orElse(found);
        StringBuilder text = new StringBuilder("""
                -- Queries that worked before %s and fail behind it. While they are sent, `migrate up` stops before it:
                -- deploy code that does not send them, and record that with `migrate deployed <version>`.
                -- forward: %s
                -- rehearsed: %s
                """.formatted(whole.name(), whole.forwardChecksum(), whole.at()));
        whole.queries()
                .forEach(lost -> text.append("\n-- fails: ")
                        .append(lost.error().replaceAll("\\s+", " "))
                        .append('\n')
                        .append(lost.text())
                        .append(";\n"));
        try {
            Files.createDirectories(folder);
            WholeFile.write(file, text.toString());
            return file;
        } catch (IOException e) {
            throw new MigrationException(Reason.FOLDER_UNREADABLE, "%s cannot be written: %s".formatted(file, e), e);
        }
    }
}
