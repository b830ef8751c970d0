package dev.imprimatur.publishing.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells a living owner of a data folder from a dead one: the kernel drops the lock with the process that held it,
 * however it died.
 */
final class FolderLock implements AutoCloseable {
    /**
     * POSIX drops a process's locks on a file as soon as the process closes <em>any</em> descriptor of it. A second
     * attempt inside this JVM must therefore not even open the file.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final DataFolder folder;
    private final Tenant.Stay stay;
    private final FileChannel channel;

    private FolderLock(DataFolder folder, Tenant.Stay stay, FileChannel channel) {
        this.folder = folder;
        this.stay = stay;
        this.channel = channel;
    }

    /** Null while somebody else lives in the folder. */
    static @Nullable FolderLock tryAcquire(DataFolder folder, Tenant.Stay stay) {
        if (!HELD_HERE.add(folder.root())) {
            return null;
        }
        boolean acquired = false;
        try {
            FileChannel channel = DataFolder.openPrivately(folder.lock());
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return null;
            }
            FolderLock held = new FolderLock(folder, stay, channel);
            held.announce(0);
            acquired = true;
            return held;
        } catch (IOException e) {
            throw folder.failure("cannot be locked", e);
        } finally {
            if (!acquired) {
                HELD_HERE.remove(folder.root());
            }
        }
    }

    /** Tells others where to connect; 0 while there is nothing to connect to. */
    void announce(int port) throws IOException {
        new Tenant(ProcessHandle.current().pid(), stay, port).write(folder);
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(folder.tenant());
            channel.close();
        } catch (IOException e) {
            throw folder.failure("cannot be unlocked", e);
        } finally {
            HELD_HERE.remove(folder.root());
        }
    }
}
