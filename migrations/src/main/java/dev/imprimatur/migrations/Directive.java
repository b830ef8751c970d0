package dev.imprimatur.migrations;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An instruction to the tool at the head of a file: a line comment before the first statement that begins with
 * {@code -- migrate:}.
 */
public sealed interface Directive {

    /**
     * {@code -- migrate: no-transaction}: the statements run one by one and each is committed by itself, so that
     * {@code CREATE INDEX CONCURRENTLY} and its kin can run.
     */
    record NoTransaction() implements Directive {}

    /**
     * {@code -- migrate: batch <table> by <key> size <n>}: the file's one statement runs once for each range of
     * {@code n} keys that exist in the table, each in a transaction of its own. {@code :first} and {@code :last} in the
     * statement stand for the range's smallest and greatest key, both included:
     *
     * <pre>{@code
     * -- migrate: batch posts by id size 5000
     * UPDATE posts SET slug = lower(title) WHERE id BETWEEN :first AND :last AND slug IS NULL;
     * }</pre>
     *
     * <p>The ranges are found by walking an index of the key, so gaps between keys cost nothing. The key is one column,
     * NOT NULL, and has an index; when it is not unique, equal keys are never torn apart, and a range may then hold
     * more than {@code n} rows. Rows that get a key below the one reached while the backfill runs are not visited: the
     * expanding migration must already see to new rows.
     *
     * <p>After each range the greatest key done is recorded in the same transaction, so that an interrupted backfill
     * goes on behind it.
     *
     * @param table as written, possibly with a schema
     * @param key a column of the table, as written
     * @param size keys in a range, from 1 to 1,000,000
     */
    record Batch(String table, String key, int size) implements Directive {

        /** What the recorded progress belongs to. */
        String subject() {
            return table + " by " + key;
        }
    }

    /**
     * {@code -- migrate: lossy <why>}, in a down file only: taking this migration back cannot restore rows as they
     * were, and asks for consent.
     */
    record Lossy(String why) implements Directive {}

    /**
     * {@code -- migrate: refuses <sqlstate> <why>}, in a forward file only: from here on the database is meant to refuse
     * writes with this SQLSTATE, or with one that begins like it. A rehearsal writes values that mean nothing to the
     * product, so it cannot tell a rule that works from code that breaks.
     *
     * @param sqlState one to five digits and upper-case letters
     */
    record Refuses(String sqlState, String why) implements Directive {}

    /** What a comment turned out to be. */
    sealed interface Reading {
        record Read(Directive directive) implements Reading {}

        /** Meant as a directive, and wrong. */
        record Wrong(String problem) implements Reading {}
    }

    Pattern MARK = Pattern.compile("--\\s*migrate\\s*:\\s*(.*?)\\s*", Pattern.DOTALL);
    Pattern BATCH = Pattern.compile("batch\\s+([^\\s<>]+)\\s+by\\s+([^\\s<>]+)\\s+size\\s+(\\d{1,7})");
    Pattern REFUSES = Pattern.compile("refuses\\s+([0-9A-Z]{1,5})\\s+(\\S.*)", Pattern.DOTALL);
    String FORMS = "`-- migrate: no-transaction`, `-- migrate: batch <table> by <key> size <n>`,"
            + " `-- migrate: refuses <sqlstate> <why>` or, in a down file, `-- migrate: lossy <why>`";

    /** Reads a comment; null when it is not meant for the tool. */
    static @Nullable Reading of(String comment) {
        Matcher mark = MARK.matcher(comment);
        if (!mark.matches()) {
            return null;
        }
        String text = mark.group(1);
        String verb = text.split("\\s", 2)[0];
        return switch (verb) {
            case "no-transaction" ->
                text.equals(verb)
                        ? new Reading.Read(new NoTransaction())
                        : new Reading.Wrong("`no-transaction` takes nothing after it");
            case "batch" -> batch(text);
            case "lossy" ->
                text.equals(verb)
                        ? new Reading.Wrong("`lossy` does not say why")
                        : new Reading.Read(
                                new Lossy(text.substring(verb.length()).strip()));
            case "refuses" -> {
                Matcher refuses = REFUSES.matcher(text);
                yield refuses.matches()
                        ? new Reading.Read(new Refuses(refuses.group(1), refuses.group(2)))
                        : new Reading.Wrong("`refuses` must read `refuses <sqlstate> <why>`");
            }
            default -> new Reading.Wrong("there is no directive `" + verb + "`");
        };
    }

    private static Reading batch(String text) {
        Matcher batch = BATCH.matcher(text);
        if (!batch.matches()) {
            return new Reading.Wrong("`batch` must read `batch <table> by <key> size <n>`");
        }
        int size = Integer.parseInt(batch.group(3));
        if (size < 1 || size > 1_000_000) {
            return new Reading.Wrong("the batch size must be from 1 to 1000000");
        }
        return new Reading.Read(new Batch(batch.group(1), batch.group(2), size));
    }
}
