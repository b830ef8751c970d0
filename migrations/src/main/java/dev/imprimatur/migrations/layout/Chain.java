package dev.imprimatur.migrations.layout;

import java.nio.file.Path;
import java.util.List;

/**
 * A folder of migrations, read as the tool that it was written for reads it.
 *
 * @param layout whose form the files have
 * @param path the folder
 * @param steps in the order in which the layout's own runner applies them
 */
public record Chain(Layout layout, Path path, List<ChainStep> steps) {

    public Chain {
        steps = List.copyOf(steps);
    }
}
