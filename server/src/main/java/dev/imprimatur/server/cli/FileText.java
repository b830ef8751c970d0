package dev.imprimatur.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.imprimatur.server.cli.FaultyFileException.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads a file as text, or says at which byte it is none. */
final class FileText {
    /** As much as the server takes in one request. */
    private static final long LARGEST = 8L << 20;

    private FileText() {}

    /** The text with Unix newlines and without a byte order mark. */
    static String read(Path path) throws FaultyFileException {
        String name = path.toString();
        byte[] bytes = bytesOf(path, name);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result = UTF_8.newDecoder().decode(in, text, true);
        if (result.isError()) {
            int offset = in.position();
            throw faulty(
                    name,
                    lineOf(bytes, offset),
                    "byte %d (0x%02X) is not UTF-8; save the file as UTF-8".formatted(offset, bytes[offset]));
        }
        String read = text.flip().toString().replace("\r\n", "\n");
        refuseControls(name, read);
        return read.startsWith("\uFEFF") ? read.substring(1) : read;
    }

    private static byte[] bytesOf(Path path, String name) throws FaultyFileException {
        try {
            if (Files.isDirectory(path)) {
                throw faulty(name, 0, "is a folder; name the Markdown files in it");
            }
            if (Files.size(path) > LARGEST) {
                throw faulty(name, 0, "is larger than 8 MiB; a post's body may have 1 MiB, so split it");
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw faulty(name, 0, "there is no such file; check the name");
        } catch (IOException e) {
            throw faulty(
                    name,
                    0,
                    "cannot be read (%s); check its permissions"
                            .formatted(e.getClass().getSimpleName()));
        }
    }

    private static void refuseControls(String name, String text) throws FaultyFileException {
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
            } else if (c < ' ' && c != '\t') {
                throw faulty(name, line, controlFault(c));
            }
        }
    }

    private static String controlFault(char c) {
        return switch (c) {
            case 0 -> "holds a NUL byte; a post is text, so remove it";
            case '\r' -> "holds a carriage return without a newline; save the file with Unix newlines";
            default -> "holds the control character U+%04X; remove it".formatted((int) c);
        };
    }

    private static int lineOf(byte[] bytes, int offset) {
        int line = 1;
        for (int i = 0; i < offset; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    private static FaultyFileException faulty(String name, int line, String what) {
        return new FaultyFileException(List.of(new Fault(name, line, what)));
    }
}
