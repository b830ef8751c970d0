package dev.imprimatur.publishing.database;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who PostgreSQL runs as, since it refuses to be root. A user namespace ({@code unshare -U}) leaves its files root's;
 * another user needs to own them.
 *
 * @param prefix the words before the program's
 * @param uid the owner that the program needs its files to have, as seen from here
 */
record RunAs(List<String> prefix, long uid, long gid) {
    private static final long NOBODY = 65534;

    static RunAs find(DataFolder data, PostgresBinaries binaries) {
        UnixSystem us = new UnixSystem();
        if (us.getUid() != 0) {
            return new RunAs(List.of(), us.getUid(), us.getGid());
        }
        try {
            return firstThatWorks(candidates(data), data, binaries);
        } catch (IOException e) {
            throw data.failure("has no owner PostgreSQL could run as", e);
        }
    }

    static RunAs namespace() {
        return new RunAs(List.of("unshare", "-U"), 0, 0);
    }

    static RunAs user(long uid, long gid) {
        return new RunAs(
                List.of("setpriv", "--reuid", Long.toString(uid), "--regid", Long.toString(gid), "--clear-groups"),
                uid,
                gid);
    }

    /** A folder that somebody owns stays theirs, so that they can still use it after one start by root. */
    private static List<RunAs> candidates(DataFolder data) throws IOException {
        List<RunAs> candidates = new ArrayList<>();
        long owner = id(data.root(), "unix:uid");
        if (owner != 0) {
            candidates.add(user(owner, id(data.root(), "unix:gid")));
        }
        candidates.add(namespace());
        candidates.add(user(NOBODY, NOBODY));
        return candidates;
    }

    static RunAs firstThatWorks(List<RunAs> candidates, DataFolder data, PostgresBinaries binaries) throws IOException {
        List<String> refusals = new ArrayList<>();
        for (RunAs candidate : candidates) {
            if (candidate.uid != 0) {
                data.allowPassage();
            }
            // Only shows its settings, but first checks everything: not root, a known user, programs within reach.
            Command probe = Command.run(candidate.command(
                    binaries.program("initdb"), "--show", "-D", data.cluster().toString()));
            if (probe.succeeded()) {
                return candidate;
            }
            refusals.add("  " + String.join(" ", candidate.prefix) + ": " + probe.lastLine());
        }
        throw new LocalPostgresException("PostgreSQL refuses to run as root, and there is no way around it here:\n"
                + String.join("\n", refusals)
                + "\nThe other user must be able to pass through all folders above " + data.root() + "."
                + " Otherwise start as a normal user, or set DATABASE_URL to a PostgreSQL " + PostgresBinaries.MAJOR
                + " server of your own.");
    }

    List<String> command(String... words) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(words));
        return command;
    }

    /** Files of a folder that moved between users, or between the two ways to run, follow. */
    void own(Path tree) throws IOException {
        if (id(tree, "unix:uid") == uid || new UnixSystem().getUid() != 0) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList().reversed()) {
                Files.setAttribute(file, "unix:gid", Math.toIntExact(gid), LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(file, "unix:uid", Math.toIntExact(uid), LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static long id(Path path, String attribute) throws IOException {
        return Integer.toUnsignedLong((Integer) Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS));
    }
}
