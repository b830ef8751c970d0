package dev.imprimatur.publishing.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The names of the files in one data folder, and how they are written so that a crash leaves no half of one. */
record DataFolder(Path root) {
    private static final int LINES_SHOWN = 15;
    private static final String THROWN_AWAY = "thrown-away";
    private static final Set<PosixFilePermission> PRIVATE_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");

    static DataFolder open(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            if (!Files.exists(absolute)) {
                Path parent = absolute.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                createPrivateFolder(absolute);
            }
            if (!Files.isDirectory(absolute)) {
                throw new NotDirectoryException(absolute.toString());
            }
            if (!Files.isWritable(absolute)) {
                throw new AccessDeniedException(absolute.toString());
            }
            return new DataFolder(absolute.toRealPath());
        } catch (IOException e) {
            throw new DataFolder(absolute).failure("cannot be used", e);
        }
    }

    Path cluster() {
        return root.resolve("postgres");
    }

    Path postmasterPid() {
        return cluster().resolve("postmaster.pid");
    }

    Path log() {
        return root.resolve("postgres.log");
    }

    Path lock() {
        return root.resolve("lock");
    }

    Path tenant() {
        return root.resolve("running.properties");
    }

    Path secrets() {
        return root.resolve("secrets");
    }

    /** Whether nobody wants its rows back: such a folder need not outlive a power cut, nor the programs it runs. */
    boolean isThrownAway() {
        return Files.exists(root.resolve(THROWN_AWAY));
    }

    static void markThrownAway(Path folder) throws IOException {
        writePrivately(
                folder.resolve(THROWN_AWAY),
                "Nothing here is meant to be kept: PostgreSQL does not wait for the disk in this folder.\n");
    }

    LocalPostgresException failure(String what, IOException cause) {
        String user = System.getProperty("user.name");
        String why = switch (cause) {
            case AccessDeniedException e ->
                e.getFile() + " is not accessible to the user " + user
                        + ". Give that user the folder, or name another one";
            case NotDirectoryException e -> e.getFile() + " is a file, not a folder. Name another one";
            case FileAlreadyExistsException e -> e.getFile() + " is in the way. Move it, or name another folder";
            case FileSystemException e when isDiskFull(e.getReason()) -> fullDisk();
            case FileSystemException e -> e.getFile() + ": " + e.getReason();
            default -> isDiskFull(cause.getMessage()) ? fullDisk() : String.valueOf(cause.getMessage());
        };
        return new LocalPostgresException("The data folder " + root + " " + what + ": " + why + ".", cause);
    }

    /** What a failed PostgreSQL program said, led by the reason where we know it. */
    LocalPostgresException failure(String what, List<String> output) {
        String reason = output.stream().anyMatch(DataFolder::isDiskFull) ? ": " + fullDisk() : "";
        return new LocalPostgresException(what + reason + ". It said:\n  "
                + String.join("\n  ", output.subList(Math.max(0, output.size() - LINES_SHOWN), output.size()))
                + "\nThe data folder is " + root + ".");
    }

    private static boolean isDiskFull(@Nullable String message) {
        return message != null
                && (message.contains("No space left on device") || message.contains("Disk quota exceeded"));
    }

    private String fullDisk() {
        return "the disk is full (" + root.toFile().getUsableSpace() / (1024 * 1024)
                + " MB left). Make room and start again, nothing committed is lost";
    }

    static void createPrivateFolder(Path folder) throws IOException {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER));
    }

    static FileChannel openPrivately(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PRIVATE_FILE));
    }

    /** Replaces the file as a whole: a reader, or a start after a power cut, sees the old text or the new one. */
    static void writePrivately(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        try (FileChannel channel = openPrivately(temporary)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        moveDurably(temporary, file);
    }

    static void moveDurably(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        Path parent = to.getParent();
        if (parent != null) {
            try (FileChannel folder = FileChannel.open(parent, StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Lets another user pass through to the folder below that is theirs, without listing what else is here. */
    void allowPassage() throws IOException {
        EnumSet<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(root));
        if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
            Files.setPosixFilePermissions(root, permissions);
        }
    }
}
