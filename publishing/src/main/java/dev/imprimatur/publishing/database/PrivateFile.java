package dev.imprimatur.publishing.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.UUID;

/** A file that only its owner can read, and that is always there as a whole: the old text or the new one. */
public record PrivateFile(Path path) {
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    public String read() throws IOException {
        return Files.readString(path);
    }

    /**
     * Of several that create it at once, one does.
     *
     * @throws FileAlreadyExistsException it is there; nothing was changed
     */
    public void create(String text) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && !Files.exists(parent)) {
            Files.createDirectories(parent.getParent() == null ? parent : parent.getParent());
            createFolder(parent);
        }
        Path temporary = written(path, text);
        try {
            Files.createLink(path, temporary);
        } finally {
            Files.delete(temporary);
        }
    }

    private static void createFolder(Path folder) throws IOException {
        try {
            DataFolder.createPrivateFolder(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /** Its owner stays the same, whoever replaces it, or else the program that reads it no longer could. */
    public void replace(String text) throws IOException {
        Path real = path.toRealPath();
        UserPrincipal owner = Files.getOwner(real);
        Path temporary = written(real, text);
        try {
            if (!Files.getOwner(temporary).equals(owner)) {
                Files.setOwner(temporary, owner);
            }
            DataFolder.moveDurably(temporary, real);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    public boolean isOpenToOthers() throws IOException {
        return Files.getPosixFilePermissions(path, new LinkOption[0]).stream().anyMatch(OTHERS::contains);
    }

    private static Path written(Path beside, String text) throws IOException {
        Path temporary = beside.resolveSibling(beside.getFileName() + "." + UUID.randomUUID());
        try (FileChannel channel = DataFolder.openPrivately(temporary)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        return temporary;
    }
}
