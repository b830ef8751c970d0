package dev.imprimatur.publishing.access;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.database.PrivateFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the {@link KeyRing} is kept: a file, or a text from the environment. A file that was changed is read again
 * within seconds, so that a rotation takes no restart.
 */
public final class Keys {
    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
    private static final Duration LOOKED_AT = Duration.ofSeconds(2);

    private final Optional<PrivateFile> file;
    private final InstantSource clock;
    private volatile Reading last;

    private record Reading(KeyRing ring, FileTime modified, Instant lookedAt) {}

    private Keys(Optional<PrivateFile> file, InstantSource clock, Reading first) {
        this.file = file;
        this.clock = clock;
        this.last = first;
    }

    /** @throws RefusedException BAD_SETTING */
    public static Keys of(String text, InstantSource clock) {
        try {
            return new Keys(
                    Optional.empty(),
                    clock,
                    new Reading(KeyRing.parse(text, clock), FileTime.fromMillis(0), clock.instant()));
        } catch (IllegalArgumentException e) {
            throw bad("the keys cannot be used: " + e.getMessage());
        }
    }

    /** @throws RefusedException BAD_SETTING, where it is not there, cannot be read, or holds anything but keys */
    public static Keys in(Path path, InstantSource clock) {
        PrivateFile file = new PrivateFile(path);
        try {
            if (file.isOpenToOthers()) {
                LOG.warn("others than its owner may read or change the keys in {}: chmod 600 {}", path, path);
            }
            return new Keys(Optional.of(file), clock, read(file, clock));
        } catch (NoSuchFileException e) {
            throw bad("there are no keys in %s; make some: imprimatur keys make %s".formatted(path, path));
        } catch (IOException e) {
            throw bad("the keys in %s cannot be read: %s".formatted(path, e));
        }
    }

    /** Makes the file with a first key, if it is not there. */
    public static Keys inOrNew(Path path, InstantSource clock) {
        if (!Files.exists(path)) {
            try {
                make(path, clock);
            } catch (FileAlreadyExistsException another) {
                LOG.debug("another process was first to make {}", path, another);
            } catch (IOException e) {
                throw new RefusedException(
                        ErrorCode.CANNOT_START, "the keys cannot be kept in %s: %s".formatted(path, e), e);
            }
        }
        return in(path, clock);
    }

    /** @throws FileAlreadyExistsException nothing was changed */
    public static void make(Path path, InstantSource clock) throws IOException {
        new PrivateFile(path).create(KeyRing.fresh(clock).text());
    }

    /** Replaces the ring in its file. */
    public void change(UnaryOperator<KeyRing> change) {
        PrivateFile kept = file.orElseThrow(() ->
                bad("the keys stand in the environment, where they cannot be changed from here; keep them in a file"));
        try {
            kept.replace(change.apply(read(kept, clock).ring()).text());
            last = read(kept, clock);
        } catch (IOException e) {
            throw new RefusedException(
                    ErrorCode.BAD_SETTING, "the keys in %s cannot be changed: %s".formatted(kept.path(), e), e);
        }
    }

    /** The keys as they are now. A file that has become unreadable leaves those that were read before in use. */
    public KeyRing ring() {
        Reading reading = last;
        if (file.isPresent() && clock.instant().isAfter(reading.lookedAt().plus(LOOKED_AT))) {
            reading = again(file.get(), reading);
            last = reading;
        }
        return reading.ring();
    }

    private Reading again(PrivateFile kept, Reading before) {
        try {
            FileTime modified = Files.getLastModifiedTime(kept.path());
            return modified.equals(before.modified())
                    ? new Reading(before.ring(), modified, clock.instant())
                    : read(kept, clock);
        } catch (IOException | RefusedException e) {
            LOG.error("the keys that were read before stay in use", e);
            return new Reading(before.ring(), before.modified(), clock.instant());
        }
    }

    private static Reading read(PrivateFile file, InstantSource clock) throws IOException {
        FileTime modified = Files.getLastModifiedTime(file.path());
        try {
            return new Reading(KeyRing.parse(file.read(), clock), modified, clock.instant());
        } catch (IllegalArgumentException e) {
            throw bad("the keys in %s cannot be used: %s".formatted(file.path(), e.getMessage()));
        }
    }

    private static RefusedException bad(String detail) {
        return new RefusedException(ErrorCode.BAD_SETTING, detail);
    }

    @Override
    public String toString() {
        return "Keys[***]";
    }
}
