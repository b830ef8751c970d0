package dev.imprimatur.publishing.database;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The two roles and the database that everything else presumes. Their rights are granted elsewhere. */
final class Bootstrap {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ITERATIONS = 4096;

    private Bootstrap() {}

    static void run(Connection superuser, Passwords passwords, String database) throws SQLException {
        Set<String> present = names(superuser);
        try (Statement statement = superuser.createStatement()) {
            for (Map.Entry<String, String> role : Map.of(
                            Passwords.OWNER, passwords.owner(), Passwords.APP, passwords.app())
                    .entrySet()) {
                if (!present.contains("role " + role.getKey())) {
                    statement.execute("CREATE ROLE " + role.getKey() + " LOGIN");
                }
                // At every start, so that the file decides; hashed on this side, so that no log ever shows it.
                statement.execute("ALTER ROLE " + role.getKey() + " PASSWORD '" + verifier(role.getValue()) + "'");
            }
            if (!present.contains("database " + database)) {
                statement.execute("CREATE DATABASE " + database + " OWNER " + Passwords.OWNER);
            }
        }
    }

    private static Set<String> names(Connection superuser) throws SQLException {
        Set<String> names = new HashSet<>();
        try (Statement statement = superuser.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT 'role ' || rolname FROM pg_roles
                        UNION ALL
                        SELECT 'database ' || datname FROM pg_database""")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** What PostgreSQL stores of a password, RFC 5803 in its spelling. */
    private static String verifier(String password) {
        byte[] salt = new byte[16];
        RANDOM.nextBytes(salt);
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 256))
                    .getEncoded();
            byte[] stored = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
            return "SCRAM-SHA-256$" + ITERATIONS + ":" + base64(salt) + "$" + base64(stored) + ":"
                    + base64(hmac(salted, "Server Key"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK has no SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
