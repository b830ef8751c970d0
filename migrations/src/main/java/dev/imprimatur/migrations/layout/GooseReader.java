package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Direction;
import dev.imprimatur.migrations.SourceText;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * goose: one file a step, ordered by the number before the first underscore; files without one are left alone, as
 * there. Steps written in Go are named, and stop the chain: what they do is known to the program alone.
 */
final class GooseReader implements LayoutReader {

    private static final Pattern NAME = Pattern.compile("(\\d+)_.*\\.(sql|go)");
    private static final Pattern SQL = Pattern.compile("\\d+_.*\\.sql");
    private static final Pattern UP = Pattern.compile("(?im)^--.*\\+goose\\s+up\\s*$");
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    @Override
    public Optional<Path> evidence(Folder folder) {
        return folder.fileWith(SQL, UP);
    }

    @Override
    public List<ChainStep> steps(Folder folder) {
        SortedMap<BigInteger, List<Path>> versions = new TreeMap<>();
        for (Path file : folder.files()) {
            Matcher name = NAME.matcher(Folder.nameOf(file));
            if (name.matches() && !Folder.nameOf(file).endsWith("_test.go")) {
                BigInteger version = new BigInteger(name.group(1));
                if (version.signum() > 0 && version.compareTo(LARGEST) <= 0) {
                    versions.computeIfAbsent(version, any -> new ArrayList<>()).add(file);
                }
            }
        }
        return versions.values().stream().map(GooseReader::step).toList();
    }

    private static ChainStep step(List<Path> files) {
        Path file = files.getFirst();
        String name = Folder.nameOf(file).replaceFirst("\\.(sql|go)$", "");
        if (files.size() > 1) {
            return Section.named(
                    name,
                    files.get(1),
                    "its version is taken by " + Folder.nameOf(file) + ", and goose refuses the folder",
                    "give it a version of its own",
                    true);
        }
        if (Folder.nameOf(file).endsWith(".go")) {
            return Section.named(
                    name,
                    file,
                    "a step written in Go, which only the program that it is part of can run",
                    "write it in SQL, or rehearse the steps before it with --to",
                    true);
        }
        return switch (SourceText.of(file)) {
            case SourceText.Unreadable unreadable ->
                Section.step(name, Section.ofFile(Direction.FORWARD, file, TransactionRule.ONE), Optional.empty());
            case SourceText.Read(String text) -> {
                GooseScript script = new GooseScript(file, text);
                yield Section.step(name, script.forward(), script.down());
            }
        };
    }
}
