package dev.imprimatur.migrations;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A folder of migrations as it was read, with everything that is wrong with it.
 *
 * @param path the folder
 * @param migrations those with a forward and a down file, by number; complete only when nothing
 *     {@linkplain LintRule#blocks() blocks}
 * @param incomplete those of which a file is missing or has no readable text, by number
 * @param findings what {@code migrate lint} tells, by file and line
 */
public record MigrationFolder(
        Path path, List<Migration> migrations, List<Incomplete> incomplete, List<LintFinding> findings) {

    /**
     * A migration that lacks a file, or one whose text cannot be read; a finding says why.
     *
     * @param forward what could be read of the way there
     * @param down what could be read of the way back
     */
    public record Incomplete(int number, Phase phase, String change, Optional<Script> forward, Optional<Script> down) {

        /** The files' common stem, see {@link Migration#name()}. */
        public String name() {
            return Migration.name(number, phase, change);
        }
    }

    public MigrationFolder {
        migrations = List.copyOf(migrations);
        incomplete = List.copyOf(incomplete);
        findings = List.copyOf(findings);
    }

    /**
     * Reads a folder. Faults in it become {@link #findings()}.
     *
     * @throws MigrationException {@link MigrationException.Reason#FOLDER_UNREADABLE} when there is no such folder or it
     *     cannot be listed
     */
    public static MigrationFolder read(Path path) {
        return new FolderReader(path).read();
    }

    public Optional<Migration> migration(int number) {
        return migrations.stream().filter(each -> each.number() == number).findFirst();
    }

    /** The findings that keep the folder from being applied. */
    public List<LintFinding> blockers() {
        return findings.stream().filter(finding -> finding.rule().blocks()).toList();
    }

    /**
     * Makes sure that the folder can be applied.
     *
     * @throws MigrationException {@link MigrationException.Reason#LINT}, naming every blocking finding
     */
    public void requireApplicable() {
        List<LintFinding> blockers = blockers();
        if (!blockers.isEmpty()) {
            throw new MigrationException(
                    MigrationException.Reason.LINT,
                    blockers.stream()
                            .map(LintFinding::toString)
                            .collect(Collectors.joining("\n  ", "The folder cannot be applied:\n  ", "")));
        }
    }
}
