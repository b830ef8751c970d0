package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Direction;
import dev.imprimatur.migrations.Directive;
import dev.imprimatur.migrations.LintFinding;
import dev.imprimatur.migrations.LintRule;
import dev.imprimatur.migrations.Migration;
import dev.imprimatur.migrations.MigrationFolder;
import dev.imprimatur.migrations.Phase;
import dev.imprimatur.migrations.Script;
import dev.imprimatur.migrations.Statements;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Our own layout, with everything that {@code migrate up} would refuse as unread. */
final class ImprimaturReader implements LayoutReader {

    private record Found(
            int number, String name, Phase phase, String change, Optional<Script> forward, Optional<Script> down) {}

    @Override
    public Optional<Path> evidence(Folder folder) {
        MigrationFolder read = MigrationFolder.read(folder.path());
        return Stream.concat(
                        read.migrations().stream().map(Migration::name),
                        // A baseline's name says nothing, and golang-migrate's down files look like ours
                        read.incomplete().stream()
                                .filter(each -> each.phase() != Phase.BASELINE
                                        && each.forward().isPresent())
                                .map(MigrationFolder.Incomplete::name))
                .map(name -> folder.path().resolve(name + ".sql"))
                .findFirst();
    }

    @Override
    public List<ChainStep> steps(Folder folder) {
        MigrationFolder read = MigrationFolder.read(folder.path());
        Map<String, List<LintFinding>> findings = new LinkedHashMap<>();
        read.blockers()
                .forEach(finding -> findings.computeIfAbsent(stem(finding.file()), any -> new ArrayList<>())
                        .add(finding));
        List<ChainStep> steps = new ArrayList<>();
        Stream.concat(
                        read.migrations().stream()
                                .map(each -> new Found(
                                        each.number(),
                                        each.name(),
                                        each.phase(),
                                        each.change(),
                                        Optional.of(each.forward()),
                                        Optional.of(each.down()))),
                        read.incomplete().stream()
                                .map(each -> new Found(
                                        each.number(),
                                        each.name(),
                                        each.phase(),
                                        each.change(),
                                        each.forward(),
                                        each.down())))
                .sorted((a, b) -> a.number() == b.number()
                        ? a.name().compareTo(b.name())
                        : Integer.compare(a.number(), b.number()))
                .forEach(found -> {
                    List<LintFinding> own = findings.remove(found.name());
                    steps.add(step(folder, found, own == null ? List.of() : own));
                });
        findings.forEach((stem, strays) -> strays.forEach(
                finding -> steps.add(Section.named(stem, finding.file(), finding.problem(), finding.remedy(), false))));
        return steps;
    }

    private static ChainStep step(Folder folder, Found found, List<LintFinding> findings) {
        List<Unread> unread = findings.stream()
                .filter(finding -> finding.rule() != LintRule.DOWN_MISSING)
                .map(finding ->
                        new Unread(finding.file(), finding.line(), finding.problem(), finding.remedy(), stops(finding)))
                .toList();
        boolean downIsSound = findings.stream().noneMatch(finding -> direction(finding) == Direction.DOWN);
        Part forward = found.forward()
                .map(ImprimaturReader::part)
                .orElseGet(() -> Section.without(
                                Direction.FORWARD, folder.path().resolve(found.name() + ".sql"))
                        .part());
        return new ChainStep(
                found.name(),
                Optional.of(found.phase()),
                found.change(),
                forward,
                found.down().filter(any -> downIsSound).map(ImprimaturReader::part),
                unread);
    }

    private static Part part(Script script) {
        TransactionRule rule = script.withoutTransaction() ? TransactionRule.NONE : TransactionRule.ONE;
        Statements statements = script.statements();
        return new Part(
                script.file(), statements, rule, script.batch(), script.lossy().map(Directive.Lossy::why));
    }

    /** A file without a statement changes nothing for those behind it; neither does what is wrong with a way back. */
    private static boolean stops(LintFinding finding) {
        return finding.rule() == LintRule.FORWARD_MISSING
                || (direction(finding) == Direction.FORWARD && finding.rule() != LintRule.EMPTY);
    }

    private static Direction direction(LintFinding finding) {
        return Folder.nameOf(finding.file()).endsWith(".down.sql") ? Direction.DOWN : Direction.FORWARD;
    }

    private static String stem(Path file) {
        return Folder.nameOf(file).replaceFirst("(\\.down)?\\.sql$", "");
    }
}
