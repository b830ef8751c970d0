package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Direction;
import dev.imprimatur.migrations.SourceText;
import dev.imprimatur.migrations.Statements;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * dbmate: one file a step, ordered by its name, with {@code -- migrate:up} and {@code -- migrate:down} at the beginning
 * of a line, in lower case. A file may hold several such pairs; all of its ups run in their order, and so do its downs.
 *
 * <p>A block is one query in a transaction, or with {@code transaction:false} one query without. Several blocks of
 * which one says so are taken as statement by statement, since that is what such files are cut up for.
 */
final class DbmateReader implements LayoutReader {

    private static final Pattern NAME = Pattern.compile("(\\d+).*\\.sql");
    private static final Pattern UP = Pattern.compile("(?m)^--\\s*migrate:up(\\s*$|\\s+\\S+)");
    private static final Pattern BLOCK = Pattern.compile("--\\s*migrate:(up|down)(\\s*|\\s+\\S.*)");

    @Override
    public Optional<Path> evidence(Folder folder) {
        return folder.fileWith(NAME, UP);
    }

    @Override
    public List<ChainStep> steps(Folder folder) {
        Map<String, Path> taken = new HashMap<>();
        List<ChainStep> steps = new ArrayList<>();
        for (Path file : folder.files()) {
            Matcher name = NAME.matcher(Folder.nameOf(file));
            if (name.matches()) {
                steps.add(step(file, Optional.ofNullable(taken.putIfAbsent(name.group(1), file))));
            }
        }
        return steps;
    }

    private static ChainStep step(Path file, Optional<Path> sameVersion) {
        String name = Folder.nameOf(file).replaceFirst("\\.sql$", "");
        return switch (SourceText.of(file)) {
            case SourceText.Unreadable unreadable ->
                Section.step(name, Section.ofFile(Direction.FORWARD, file, TransactionRule.ONE), Optional.empty());
            case SourceText.Read(String text) -> {
                Blocks blocks = new Blocks(file, text);
                Section forward = blocks.forward();
                if (sameVersion.isPresent()) {
                    forward = forward.with(
                            1,
                            "its version is taken by " + Folder.nameOf(sameVersion.get()),
                            "give it a version of its own");
                }
                yield Section.step(name, forward, blocks.down());
            }
        };
    }

    /** The blocks of one file. */
    private static final class Blocks {

        private final Path file;
        private final String text;
        private final BitSet head = new BitSet();
        private final BitSet up = new BitSet();
        private final BitSet down = new BitSet();
        private final List<Unread> unread = new ArrayList<>();
        private final Blocks.Rules upRules = new Rules();
        private final Blocks.Rules downRules = new Rules();

        /** What the blocks of one direction say about transactions. */
        private static final class Rules {
            private int blocks;
            private boolean without;

            TransactionRule rule() {
                if (!without) {
                    return TransactionRule.ONE;
                }
                return blocks == 1 ? TransactionRule.ONE_QUERY : TransactionRule.NONE;
            }
        }

        Blocks(Path file, String text) {
            this.file = file;
            this.text = text;
            BitSet current = head;
            int number = 0;
            for (String line : text.split("\n", -1)) {
                number++;
                Matcher block = BLOCK.matcher(line);
                if (!block.matches()) {
                    current.set(number);
                } else if (block.group(1).equals("up")) {
                    current = up;
                    began(upRules, block.group(2));
                } else if (current == head) {
                    refused(number, "`-- migrate:down` before `-- migrate:up`", "put the way there first");
                    current = down;
                } else {
                    if (current == down) {
                        refused(number, "two `-- migrate:down` after one `-- migrate:up`", "pair them");
                    }
                    current = down;
                    began(downRules, block.group(2));
                }
            }
            if (upRules.blocks == 0) {
                refused(1, "no `-- migrate:up`, which dbmate asks for", "write it above the change");
            } else {
                Statements.of(Blanks.keep(text, head)).list().stream().findFirst().ifPresent(statement -> refused(
                        statement.line(), "a statement above `-- migrate:up`, which dbmate refuses", "move it below"));
            }
        }

        private static void began(Rules rules, String options) {
            rules.blocks++;
            rules.without |= List.of(options.strip().split("\\s+")).contains("transaction:false");
        }

        private void refused(int line, String problem, String remedy) {
            unread.add(new Unread(file, line, problem, remedy, true));
        }

        Section forward() {
            Section section = Section.of(Direction.FORWARD, file, Blanks.keep(text, up), upRules.rule());
            for (Unread each : unread) {
                section = section.with(each);
            }
            return section;
        }

        Optional<Section> down() {
            return downRules.blocks == 0
                    ? Optional.empty()
                    : Optional.of(Section.of(Direction.DOWN, file, Blanks.keep(text, down), downRules.rule()));
        }
    }
}
