package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Direction;
import dev.imprimatur.migrations.Statements;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dbmate file: {@code -- migrate:up} and {@code -- migrate:down}, each at the beginning of a line and in lower case. It
 * may hold several such pairs; all of its ups run in their order, and so do its downs.
 *
 * <p>A block is one query in a transaction, or with {@code transaction:false} one query without. Several blocks of
 * which one says so are taken as statement by statement, since that is what such files are cut up for.
 */
final class DbmateScript {

    private static final Pattern BLOCK = Pattern.compile("--\\s*migrate:(up|down)(\\s*|\\s+\\S.*)");

    private enum Place {
        HEAD,
        UP,
        DOWN
    }

    /** What belongs to one direction. */
    private static final class Blocks {
        private final BitSet lines = new BitSet();
        private int count;
        private boolean withoutTransaction;

        void begin(String options) {
            count++;
            withoutTransaction |= List.of(options.strip().split("\\s+", -1)).contains("transaction:false");
        }

        TransactionRule rule() {
            if (!withoutTransaction) {
                return TransactionRule.ONE;
            }
            return count == 1 ? TransactionRule.ONE_QUERY : TransactionRule.NONE;
        }
    }

    private final Path file;
    private final String text;
    private final BitSet head = new BitSet();
    private final Blocks up = new Blocks();
    private final Blocks down = new Blocks();
    private final List<Unread> unread = new ArrayList<>();
    private Place place = Place.HEAD;

    DbmateScript(Path file, String text) {
        this.file = file;
        this.text = text;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            Matcher block = BLOCK.matcher(line);
            if (block.matches()) {
                begin(number, block.group(1), block.group(2));
            } else {
                lines().set(number);
            }
        }
        if (up.count == 0) {
            refused(1, "no `-- migrate:up`, which dbmate asks for", "write it above the change");
            return;
        }
        Statements.of(Blanks.keep(text, head)).list().stream()
                .findFirst()
                .ifPresent(statement -> refused(
                        statement.line(), "a statement above `-- migrate:up`, which dbmate refuses", "move it below"));
    }

    private void begin(int line, String direction, String options) {
        if (direction.equals("up")) {
            place = Place.UP;
            up.begin(options);
            return;
        }
        switch (place) {
            case HEAD -> refused(line, "`-- migrate:down` before `-- migrate:up`", "put the way there first");
            case UP -> {}
            case DOWN -> refused(line, "two `-- migrate:down` after one `-- migrate:up`", "pair them");
        }
        place = Place.DOWN;
        down.begin(options);
    }

    private BitSet lines() {
        return switch (place) {
            case HEAD -> head;
            case UP -> up.lines;
            case DOWN -> down.lines;
        };
    }

    /** What makes dbmate refuse the file as a whole. */
    private void refused(int line, String problem, String remedy) {
        unread.add(new Unread(file, line, problem, remedy, true));
    }

    Section forward() {
        Section section = Section.of(Direction.FORWARD, file, Blanks.keep(text, up.lines), up.rule());
        for (Unread each : unread) {
            section = section.with(each);
        }
        return section;
    }

    /** The way back; empty without a {@code -- migrate:down}, which older versions of dbmate let pass. */
    Optional<Section> down() {
        return down.count == 0
                ? Optional.empty()
                : Optional.of(Section.of(Direction.DOWN, file, Blanks.keep(text, down.lines), down.rule()));
    }
}
