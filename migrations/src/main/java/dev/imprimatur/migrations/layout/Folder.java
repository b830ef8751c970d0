package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What lies in a folder of migrations.
 *
 * @param files the files right in it, by name
 * @param folders the folders right in it, by name, hidden ones left out
 */
record Folder(Path path, List<Path> files, List<Path> folders) {

    /** @throws MigrationException {@link Reason#FOLDER_UNREADABLE} */
    static Folder list(Path path) {
        if (!Files.isDirectory(path)) {
            throw new MigrationException(Reason.FOLDER_UNREADABLE, "There is no folder " + path + ".");
        }
        try (Stream<Path> entries = Files.list(path)) {
            List<Path> sorted = entries.sorted().toList();
            return new Folder(
                    path,
                    sorted.stream().filter(each -> !Files.isDirectory(each)).toList(),
                    sorted.stream()
                            .filter(each ->
                                    Files.isDirectory(each) && !nameOf(each).startsWith("."))
                            .toList());
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** The files in it and in all folders below whose name has this form, by path. */
    List<Path> filesBelow(Pattern name) {
        try (Stream<Path> below = Files.walk(path)) {
            return below.filter(each -> name.matcher(nameOf(each)).matches() && Files.isRegularFile(each))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw unreadable(path, e);
        }
    }

    /** Its first file with a name of the one form and, somewhere in its text, a line of the other. */
    Optional<Path> fileWith(Pattern name, Pattern line) {
        return files.stream()
                .filter(file -> name.matcher(nameOf(file)).matches())
                .filter(file -> line.matcher(bytesOf(file)).find())
                .findFirst();
    }

    /**
     * One character a byte: what is looked for is ASCII, and a file with wrong bytes must still be recognised. One that
     * cannot be opened says nothing about the layout; the layout's reader then tells what is wrong with it.
     */
    private static String bytesOf(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    static String nameOf(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    private static MigrationException unreadable(Path path, Exception e) {
        String why = e.getClass().getSimpleName() + ": " + e.getMessage();
        return new MigrationException(Reason.FOLDER_UNREADABLE, path + " cannot be read (" + why + ").", e);
    }
}
