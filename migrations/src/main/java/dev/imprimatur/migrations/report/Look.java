package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.Finding.Place;
import java.nio.file.Path;

/**
 * For whose eyes a report is.
 *
 * @param base the folder that paths are written relative to, where they lie in it: the one a build server checks out
 * @param coloured whether the text may hold the escape sequences of a terminal
 */
public record Look(Path base, boolean coloured) {

    /** Without colours. */
    public static Look from(Path base) {
        return new Look(base, false);
    }

    /** The same in colours. */
    public Look inColours() {
        return new Look(base, true);
    }

    /** The path as it is written, with slashes on every system. */
    String shown(Path path) {
        return relative(path).toString().replace('\\', '/');
    }

    String shown(Place place) {
        return shown(place.file()) + ":" + place.line();
    }

    /** The path as a URI reference: relative to the base, or absolute. */
    String uri(Path path) {
        Path relative = relative(path);
        if (relative.isAbsolute()) {
            return relative.toUri().toString();
        }
        Path root = path.toAbsolutePath().getRoot();
        String absolute = root.resolve(relative).toUri().getRawPath();
        return absolute.substring(root.toUri().getRawPath().length());
    }

    private Path relative(Path path) {
        Path from = base.toAbsolutePath().normalize();
        Path to = path.toAbsolutePath().normalize();
        return to.startsWith(from) ? from.relativize(to) : to;
    }
}
