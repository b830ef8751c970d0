package dev.imprimatur.publishing.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked from the class path into the data folder. */
record PostgresBinaries(Path folder) {
    static final String MAJOR = "17";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresBinaries.class);
    private static final Pattern VERSION = Pattern.compile("-(\\d+\\.\\d+\\.\\d+)\\.jar!");
    private static final Pattern UNPACKED = Pattern.compile("postgres-\\d[\\d.]*(\\.new)?");
    private static final String MARKER = "complete";

    static PostgresBinaries unpackedInto(DataFolder data) {
        URL archive = archive();
        Matcher version = VERSION.matcher(archive.toString());
        PostgresBinaries binaries = new PostgresBinaries(
                data.root().resolve("postgres-" + (version.find() ? version.group(1) : MAJOR + ".0")));
        try {
            if (!binaries.isComplete()) {
                binaries.unpack(archive);
            }
        } catch (IOException e) {
            throw data.failure("cannot take PostgreSQL's programs", e);
        }
        return binaries;
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
        Path unpacking = folder.resolveSibling(folder.getFileName() + ".new");
        DataFolder.deleteTree(unpacking);
        DataFolder.deleteTree(folder);
        Files.createDirectory(unpacking);
        share(unpacking, true);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new BufferedInputStream(
                new XZInputStream(new BufferedInputStream(archive.openStream(), 1 << 16)), 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (isNeeded(entry.getName())) {
                    unpack(tar, entry, unpacking);
                }
            }
        }
        DataFolder.writePrivately(unpacking.resolve(MARKER), contents(unpacking));
        DataFolder.moveDurably(unpacking, folder);
        LOG.debug("Unpacked PostgreSQL in {} ms", (System.nanoTime() - start) / 1_000_000);
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
