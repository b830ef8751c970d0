package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Direction;
import dev.imprimatur.migrations.Directive;
import dev.imprimatur.migrations.Lines;
import dev.imprimatur.migrations.LintFinding;
import dev.imprimatur.migrations.SourceText;
import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Statements;
import dev.imprimatur.migrations.Token;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One direction of a step, with what of it cannot be read. What is wrong with the way back does not stop the chain.
 *
 * @param unread in the order of the lines
 */
record Section(Direction direction, Part part, List<Unread> unread) {

    private static final Statements NOTHING = Statements.of("");

    Section {
        unread = unread.stream().sorted(Comparator.comparingInt(Unread::line)).toList();
    }

    /** The whole file. */
    static Section ofFile(Direction direction, Path file, TransactionRule rule) {
        return switch (SourceText.of(file)) {
            case SourceText.Read read -> of(direction, file, read.text(), rule);
            case SourceText.Unreadable unreadable -> without(direction, file).with(unreadable.finding());
        };
    }

    /**
     * What a file holds for one direction.
     *
     * @param text as long as the file's own text, with blanks for what is not meant
     */
    static Section of(Direction direction, Path file, String text, TransactionRule rule) {
        Statements statements = Statements.of(text);
        List<LintFinding> lexical = new ArrayList<>();
        List<Unread> unread = new ArrayList<>();
        int readable = text.length();
        for (Statement statement : statements.list()) {
            if (statement.copiesThroughTheClient()) {
                unread.add(new Unread(
                        file,
                        statement.line(),
                        "COPY with rows in the file needs a client that sends them",
                        "write INSERT ... VALUES",
                        direction == Direction.FORWARD));
                // What follows are rows, and would be misread as SQL
                readable = statement.offset();
                break;
            }
        }
        for (Statements.Flaw flaw : statements.flaws()) {
            if (flaw.offset() < readable) {
                lexical.add(LintFinding.of(file, flaw));
            }
        }
        Part part = new Part(file, statements, rule, Optional.empty(), Optional.empty());
        Section section = new Section(direction, part, unread);
        for (LintFinding finding : lexical) {
            section = section.with(finding);
        }
        return direction == Direction.DOWN ? section.withLossy(text) : section;
    }

    /** A direction of which nothing is there. */
    static Section without(Direction direction, Path file) {
        Part part = new Part(file, NOTHING, TransactionRule.ONE, Optional.empty(), Optional.empty());
        return new Section(direction, part, List.of());
    }

    Section with(int line, String problem, String remedy) {
        return with(new Unread(part.file(), line, problem, remedy, direction == Direction.FORWARD));
    }

    Section with(Unread more) {
        List<Unread> all = new ArrayList<>(unread);
        all.add(more);
        return new Section(direction, part, all);
    }

    Section with(TransactionRule rule) {
        return new Section(
                direction, new Part(part.file(), part.statements(), rule, part.batch(), part.lossy()), unread);
    }

    private Section with(LintFinding finding) {
        return with(finding.line(), finding.problem(), finding.remedy());
    }

    private Section withLossy(String text) {
        List<String> reasons = new ArrayList<>();
        Section section = this;
        for (Token comment : part.statements().comments()) {
            switch (Directive.of(comment.text())) {
                case Directive.Reading.Read(Directive.Lossy(String why)) -> reasons.add(why);
                case Directive.Reading.Wrong(String problem)
                when problem.startsWith("`lossy`") ->
                    section = section.with(
                            new Lines(text).at(comment.offset()), problem, "write `-- migrate: lossy <why>`");
                case null -> {}
                // The other directives are our own layout's; here they are comments like any other
                case Directive.Reading.Read read -> {}
                case Directive.Reading.Wrong wrong -> {}
            }
        }
        Optional<String> lossy = reasons.stream().findFirst();
        return new Section(
                direction,
                new Part(part.file(), part.statements(), part.transaction(), part.batch(), lossy),
                section.unread);
    }

    /** True when nobody wrote anything: no statement, no comment. */
    boolean isBlank() {
        return part.statements().list().isEmpty()
                && part.statements().comments().isEmpty()
                && unread.isEmpty();
    }

    /** The step of a layout without phases that these two make. */
    static ChainStep step(String name, Section forward, Optional<Section> down) {
        List<Unread> unread = new ArrayList<>(forward.unread);
        down.ifPresent(section -> unread.addAll(section.unread));
        Optional<Part> back = down.filter(section -> !section.isBlank() && section.unread.isEmpty())
                .map(Section::part);
        return new ChainStep(name, Optional.empty(), name, forward.part, back, unread);
    }

    /** A step that is only named: its runner does something here that we do not. */
    static ChainStep named(String name, Path file, String problem, String remedy, boolean stops) {
        return step(
                name,
                without(Direction.FORWARD, file).with(new Unread(file, 1, problem, remedy, stops)),
                Optional.empty());
    }
}
