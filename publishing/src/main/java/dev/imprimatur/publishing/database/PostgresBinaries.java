package dev.imprimatur.publishing.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs in a data folder, unpacked from the class path; or copied from where the launcher's build
 * unpacked them, which takes a tenth of a second instead of two.
 */
record PostgresBinaries(Path folder) {
    static final String MAJOR = "17";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresBinaries.class);
    private static final Pattern VERSION = Pattern.compile("-(\\d+\\.\\d+\\.\\d+)\\.jar!");
    private static final Pattern UNPACKED = Pattern.compile("postgres-\\d[\\d.]*(\\.new)?");
    private static final String MARKER = "complete";
    private static final String BUILT = "imprimatur.programs";

    /** The data folder's own, put there if they are missing, old or torn. */
    static PostgresBinaries in(DataFolder data) {
        URL archive = archive();
        PostgresBinaries binaries = new PostgresBinaries(data.root().resolve(name(archive)));
        try {
            if (!binaries.isComplete() && !binaries.copyBuilt()) {
                binaries.unpack(archive);
            }
        } catch (IOException e) {
            throw data.failure("cannot take PostgreSQL's programs", e);
        }
        return binaries;
    }

    /** Those that the launcher names, if it does, they are of this version and whole. They are only read. */
    static Optional<PostgresBinaries> built() {
        String folder = System.getProperty(BUILT, "");
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        PostgresBinaries built =
                new PostgresBinaries(Path.of(folder).toAbsolutePath().resolve(name(archive())));
        try {
            return built.isComplete() ? Optional.of(built) : Optional.empty();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("The programs in {} cannot be used", built.folder, e);
            return Optional.empty();
        }
    }

    private static String name(URL archive) {
        Matcher version = VERSION.matcher(archive.toString());
        return "postgres-" + (version.find() ? version.group(1) : MAJOR + ".0");
    }

    String program(String name) {
        return folder.resolve("bin").resolve(name).toString();
    }

    /** The programs of earlier versions, of no use once their server is stopped. */
    void deleteOthers() throws IOException {
        Path parent = Objects.requireNonNull(folder.getParent());
        try (Stream<Path> siblings = Files.list(parent)) {
            for (Path sibling : siblings.toList()) {
                String name = String.valueOf(sibling.getFileName());
                if (UNPACKED.matcher(name).matches() && !sibling.equals(folder) && !Files.isSymbolicLink(sibling)) {
                    DataFolder.deleteTree(sibling);
                }
            }
        }
    }

    private static URL archive() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        List<String> architectures = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> List.of("x86_64");
            case "aarch64" -> List.of("arm_64", "aarch64");
            default -> List.of(System.getProperty("os.arch"));
        };
        return architectures.stream()
                .map(architecture ->
                        PostgresBinaries.class.getResource("/postgres-" + os + "-" + architecture + ".txz"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new LocalPostgresException("This build carries no PostgreSQL for "
                        + System.getProperty("os.name") + " on " + System.getProperty("os.arch")
                        + ". Set DATABASE_URL to a PostgreSQL " + MAJOR + " server of your own."));
    }

    private void unpack(URL archive) throws IOException {
        long start = System.nanoTime();
        Path unpacking = emptyAside();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new BufferedInputStream(
                new XZInputStream(new BufferedInputStream(archive.openStream(), 1 << 16)), 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (isNeeded(entry.getName())) {
                    unpack(tar, entry, unpacking);
                }
            }
        }
        complete(unpacking);
        LOG.debug("Unpacked PostgreSQL in {} ms", (System.nanoTime() - start) / 1_000_000);
    }

    private Path emptyAside() throws IOException {
        Path aside = folder.resolveSibling(folder.getFileName() + ".new");
        DataFolder.deleteTree(aside);
        DataFolder.deleteTree(folder);
        Files.createDirectory(aside);
        share(aside, true);
        return aside;
    }

    private void complete(Path aside) throws IOException {
        DataFolder.writePrivately(aside.resolve(MARKER), contents(aside));
        DataFolder.moveDurably(aside, folder);
    }

    /**
     * Not as hard links: a data folder that is given to another user would give them what others run.
     *
     * @return false if there is nothing whole to copy, or there no longer was
     */
    private boolean copyBuilt() throws IOException {
        Path from = built().map(PostgresBinaries::folder).orElse(folder);
        if (from.equals(folder)) {
            return false;
        }
        long start = System.nanoTime();
        Path copying = emptyAside();
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files.skip(1)::iterator) {
                copy(file, copying.resolve(from.relativize(file).toString()));
            }
        } catch (NoSuchFileException | UncheckedIOException e) {
            LOG.debug("The programs in {} went away", from, e);
            return false;
        }
        if (!contents(copying).equals(Files.readString(copying.resolve(MARKER)))) {
            return false;
        }
        complete(copying);
        LOG.debug("Copied PostgreSQL in {} ms", (System.nanoTime() - start) / 1_000_000);
        return true;
    }

    private static void copy(Path file, Path target) throws IOException {
        if (Files.isSymbolicLink(file)) {
            Files.createSymbolicLink(target, Files.readSymbolicLink(file));
        } else if (Files.isDirectory(file)) {
            Files.createDirectory(target);
            share(target, true);
        } else {
            Files.copy(file, target);
            share(target, Files.isExecutable(file));
        }
    }

    private static boolean isNeeded(String name) {
        return !name.endsWith(".a") && !name.contains("/pgxs/") && !name.contains("/pkgconfig/");
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path root) throws IOException {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
            throw new IOException(entry.getName() + " would be unpacked outside of " + root);
        }
        if (entry.isDirectory()) {
            createShared(target, root);
            return;
        }
        createShared(Objects.requireNonNull(target.getParent()), root);
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, target);
            share(target, (entry.getMode() & 0100) != 0);
        }
    }

    private static void createShared(Path directory, Path root) throws IOException {
        if (Files.exists(directory) || directory.equals(root)) {
            return;
        }
        createShared(Objects.requireNonNull(directory.getParent()), root);
        Files.createDirectory(directory);
        share(directory, true);
    }

    /** Whatever the umask: PostgreSQL may run as another user than we do. */
    private static void share(Path path, boolean executable) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    /** We do not sync a thousand files: those that a power cut has shortened show in the sum, and are unpacked anew. */
    private boolean isComplete() throws IOException {
        Path marker = folder.resolve(MARKER);
        return Files.exists(marker) && Files.readString(marker).equals(contents(folder));
    }

    private static String contents(Path root) throws IOException {
        long count = 0;
        long bytes = 0;
        try (Stream<Path> files = Files.walk(root.toRealPath())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.isRegularFile(file) && !file.endsWith(MARKER)) {
                    count++;
                    bytes += Files.size(file);
                }
            }
        }
        return count + " files, " + bytes + " bytes\n";
    }
}
