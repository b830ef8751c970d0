package dev.imprimatur.publishing.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The passwords of the data folder's PostgreSQL, each in a file that only its owner can read. */
record Passwords(String superuser, String owner, String app) {
    static final String SUPERUSER = "postgres";
    static final String OWNER = "imprimatur_owner";
    static final String APP = "imprimatur_app";

    private static final SecureRandom RANDOM = new SecureRandom();

    static Passwords read(DataFolder folder) {
        try {
            return new Passwords(read(folder, SUPERUSER), read(folder, OWNER), read(folder, APP));
        } catch (IOException e) {
            throw folder.failure("does not give its passwords", e);
        }
    }

    /** Passwords last at least as long as the cluster: they are on the disk before it is made. */
    static Passwords readOrMake(DataFolder folder) {
        try {
            if (!Files.exists(folder.secrets())) {
                DataFolder.createPrivateFolder(folder.secrets());
            }
            boolean clusterExists = Cluster.isPresent(folder);
            for (String role : new String[] {SUPERUSER, OWNER, APP}) {
                Path file = folder.secrets().resolve(role);
                if (Files.exists(file)) {
                    continue;
                }
                if (clusterExists && role.equals(SUPERUSER)) {
                    throw new NoSuchFileException(
                            file.toString(),
                            null,
                            "is missing, and without it the rows in " + folder.cluster()
                                    + " cannot be opened. Bring the file back from a backup");
                }
                DataFolder.writePrivately(file, random() + "\n");
            }
        } catch (IOException e) {
            throw folder.failure("cannot keep its passwords", e);
        }
        return read(folder);
    }

    private static String read(DataFolder folder, String role) throws IOException {
        return Files.readString(folder.secrets().resolve(role)).strip();
    }

    private static String random() {
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "Passwords[***]";
    }
}
