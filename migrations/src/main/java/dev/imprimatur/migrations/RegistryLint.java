package dev.imprimatur.migrations;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Holds the registry against the folder's files. */
final class RegistryLint {

    private final Path folder;
    private final Path file;
    private final List<LintFinding> findings;

    RegistryLint(Path folder, List<LintFinding> findings) {
        this.folder = folder;
        this.file = folder.resolve(Registry.FILE);
        this.findings = findings;
    }

    /** The migrations with their rows; {@code names} holds those of all files, also of incomplete migrations. */
    List<Migration> attachRows(List<Migration> migrations, SortedMap<Integer, String> names) {
        Optional<Registry> registry = registry(names);
        Map<Integer, Registry.Row> rows = new HashMap<>();
        registry.ifPresent(found -> found.rows().forEach(row -> check(row, names, rows)));
        registry.ifPresent(found -> names.forEach((number, name) -> {
            if (!rows.containsKey(number)) {
                find(
                        LintRule.REGISTRY_ROW_MISSING,
                        found.headerLine(),
                        name + " has no row in the registry",
                        "add `" + rowFor(number, name) + "`");
            }
        }));
        return migrations.stream()
                .map(each -> new Migration(
                        each.number(),
                        each.phase(),
                        each.change(),
                        each.forward(),
                        each.down(),
                        Optional.ofNullable(rows.get(each.number()))))
                .toList();
    }

    private Optional<Registry> registry(SortedMap<Integer, String> names) {
        Optional<Registry> registry = Files.exists(file) ? parsed() : Optional.empty();
        if (registry.isEmpty() && !names.isEmpty()) {
            find(
                    LintRule.REGISTRY_MISSING,
                    1,
                    Files.exists(file) ? "no registry table" : "the file with the registry is missing",
                    "write the table `" + Registry.HEADER + "`");
        }
        return registry;
    }

    private Optional<Registry> parsed() {
        return switch (SourceText.of(file)) {
            case SourceText.Read read -> Registry.parse(read.text());
            case SourceText.Unreadable unreadable -> {
                findings.add(unreadable.finding());
                yield Optional.empty();
            }
        };
    }

    private void check(Registry.Row row, SortedMap<Integer, String> names, Map<Integer, Registry.Row> rows) {
        Optional<Integer> number = row.number();
        if (number.isEmpty()) {
            find(
                    LintRule.REGISTRY_NUMBER,
                    row.line(),
                    "the first cell is not a migration's number",
                    "write four digits, such as 0007");
            return;
        }
        if (rows.putIfAbsent(number.get(), row) != null) {
            find(
                    LintRule.REGISTRY_ROW_DUPLICATE,
                    row.line(),
                    "%04d has two rows".formatted(number.get()),
                    "keep one of them");
        }
        String name = names.get(number.get());
        if (name == null) {
            find(
                    LintRule.REGISTRY_ROW_STRAY,
                    row.line(),
                    "there is no migration %04d".formatted(number.get()),
                    "remove the row");
            return;
        }
        if (!row.name().equals(name) && !row.name().equals(name.substring(5))) {
            find(LintRule.REGISTRY_NAME, row.line(), "the file is called " + name, "write " + name.substring(5));
        }
        checkCells(row);
    }

    private void checkCells(Registry.Row row) {
        if (!isDate(row.date())) {
            find(LintRule.REGISTRY_DATE, row.line(), "no date", "write the day as 2026-11-23");
        }
        checkPlan(row);
        if (!Registry.Row.isCost(row.forwardCost())) {
            find(LintRule.REGISTRY_COST, row.line(), "no forward cost", "begin it with Low, Medium or High");
        }
        if (!Registry.Row.isCost(row.rollbackCost())) {
            find(LintRule.REGISTRY_COST, row.line(), "no rollback cost", "begin it with Low, Medium or High");
        }
        if (row.notes().isBlank()) {
            find(LintRule.REGISTRY_NOTES, row.line(), "no rationale", "write in Notes why this migration exists");
        }
    }

    private void checkPlan(Registry.Row row) {
        Optional<String> plan = row.plan();
        if (plan.isEmpty()) {
            find(LintRule.REGISTRY_PLAN, row.line(), "no linked plan", "link it: [plan](../../docs/plans/change.md)");
            return;
        }
        String target = plan.get().replaceFirst("#.*", "");
        if (!target.isEmpty() && !target.contains("://") && !exists(target)) {
            find(
                    LintRule.REGISTRY_PLAN,
                    row.line(),
                    "the plan " + target + " does not exist",
                    "link a file that does, relative to the folder");
        }
    }

    private boolean exists(String target) {
        try {
            return Files.exists(folder.resolve(target));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static String rowFor(int number, String name) {
        return "| %04d | <date> | %s | [plan](<file>) | <Low, Medium or High> | <the same> | <why> |"
                .formatted(number, name.substring(5));
    }

    private void find(LintRule rule, int line, String problem, String remedy) {
        findings.add(new LintFinding(rule, file, line, problem, remedy));
    }
}
