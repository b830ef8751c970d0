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
 * @param findings what {@code migrate lint} tells, by file and line
 */
public record MigrationFolder(Path path, List<Migration> migrations, List<LintFinding> findings) {

    public MigrationFolder {
        migrations = List.copyOf(migrations);
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
