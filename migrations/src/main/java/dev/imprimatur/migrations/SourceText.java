package dev.imprimatur.migrations;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a file holds: text that the server can be sent, or the reason why not. */
public sealed interface SourceText {

    /**
     * UTF-8 text.
     *
     * @param text with line ends as {@code \n} and without a byte order mark
     */
    record Read(String text) implements SourceText {}

    /** @param finding what is wrong, with the line of the first byte at fault */
    record Unreadable(LintFinding finding) implements SourceText {}

    /** Reads a file; every fault of it, also that it cannot be opened, is an answer and not an exception. */
    static SourceText of(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            String why = e.getClass().getSimpleName() + ": " + e.getMessage();
            return unreadable(
                    LintRule.UNREADABLE, file, 1, "the file cannot be read (" + why + ")", "make it readable");
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                String what = "a NUL byte at byte " + (i + 1);
                return unreadable(
                        LintRule.NUL_BYTE, file, lineAt(bytes, i), what, "remove it; PostgreSQL stores none in text");
            }
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            String shown = "0x%02X".formatted(bytes[in.position()]);
            String what = "byte " + (in.position() + 1) + " (" + shown + ") is not UTF-8";
            return unreadable(
                    LintRule.INVALID_UTF8, file, lineAt(bytes, in.position()), what, "save the file as UTF-8");
        }
        String text = out.flip().toString().replace("\r\n", "\n");
        return new Read(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    private static SourceText unreadable(LintRule rule, Path file, int line, String problem, String remedy) {
        return new Unreadable(new LintFinding(rule, file, line, problem, remedy));
    }

    private static int lineAt(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }
}
