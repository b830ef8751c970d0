package dev.imprimatur.publishing.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** Data folders for tests: unpacking the programs and making a database take longer than all the rest. */
final class Folders {
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    private Folders() {}

    /** Unpacked once for all tests, which only read them. */
    static Path programs() throws IOException {
        Path shared = Files.createDirectories(TARGET.resolve("unpacked"));
        return PostgresBinaries.in(DataFolder.open(shared)).folder();
    }

    /** Has the programs, but no database yet. */
    static Path fresh(Path parent, String name) throws IOException {
        Path programs = programs();
        Path folder = parent.resolve(name);
        DataFolder.createPrivateFolder(folder);
        Files.createSymbolicLink(folder.resolve(programs.getFileName()), programs);
        return folder;
    }

    /** Was used before and closed. */
    static Path used(Path parent, String name) throws IOException {
        Path folder = parent.resolve(name);
        try (Stream<Path> files = Files.walk(Template.FOLDER)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = folder.resolve(Template.FOLDER.relativize(file).toString());
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            }
        }
        return folder;
    }

    private static final class Template {
        static final Path FOLDER = make();

        private static Path make() {
            try {
                DataFolder.deleteTree(TARGET.resolve("template"));
                Path folder = fresh(Files.createDirectories(TARGET), "template");
                LocalPostgres.start(folder).close();
                return folder;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
