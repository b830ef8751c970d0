package dev.imprimatur.publishing.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The process that holds a data folder, as it tells other processes.
 *
 * @param port where its PostgreSQL listens, 0 while it is still starting
 */
record Tenant(long pid, Stay stay, int port) {
    /** A command that only needs the server for a moment gives way to nobody and is waited for, not connected to. */
    enum Stay {
        LONG,
        BRIEF
    }

    /** Null if nobody wrote down that they live here, or whoever did is dead. */
    static @Nullable Tenant of(DataFolder folder) {
        try {
            Map<String, String> values = Files.readString(folder.tenant())
                    .lines()
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
            long pid = Long.parseLong(values.getOrDefault("pid", "0"));
            if (ProcessHandle.of(pid).isEmpty()) {
                return null;
            }
            int port = Integer.parseInt(values.getOrDefault("port", "0"));
            return new Tenant(pid, Stay.valueOf(values.getOrDefault("stay", "LONG")), port);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw folder.failure("does not tell where its PostgreSQL listens", e);
        }
    }

    void write(DataFolder folder) throws IOException {
        DataFolder.writePrivately(folder.tenant(), "pid=" + pid + "\nstay=" + stay + "\nport=" + port + "\n");
    }

    boolean isThisProcess() {
        return pid == ProcessHandle.current().pid();
    }
}
