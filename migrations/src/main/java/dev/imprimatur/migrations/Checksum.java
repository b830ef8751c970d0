package dev.imprimatur.migrations;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Tells whether two SQL texts are the same to the server: SHA-256 over their tokens. Comments, white space between
 * tokens, line ends (LF or CRLF), empty statements and the last semicolon do not count; white space inside strings,
 * quoted identifiers and dollar-quoted bodies does, and so does the case of a word.
 */
public final class Checksum {

    private Checksum() {}

    /** The checksum of a whole text: 64 lower-case hexadecimal digits. */
    public static String of(String sql) {
        return of(Statements.of(sql.replace("\r\n", "\n")).list());
    }

    /** The checksum of some statements of a text, such as those that ran before an interruption. */
    public static String of(List<Statement> statements) {
        MessageDigest digest = sha256();
        for (Statement statement : statements) {
            for (Token token : statement.tokens()) {
                digest.update(token.text().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0); // No file may hold this byte, so tokens never run into each other.
            }
            digest.update((byte) ';');
            digest.update((byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
