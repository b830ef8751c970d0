package dev.imprimatur.migrations.layout;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the chains of one layout as its own runner does: the same files, the same order, the same transactions. */
sealed interface LayoutReader
        permits ImprimaturReader, GolangMigrateReader, DieselReader, GooseReader, DbmateReader, FlywayReader {

    /** A file or folder that has this layout's form and no other's, if there is one. */
    Optional<Path> evidence(Folder folder);

    /** The steps in order; empty when the folder holds nothing of this layout. */
    List<ChainStep> steps(Folder folder);
}
