package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Direction;
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
 * golang-migrate: {@code N_x.up.sql} and {@code N_x.down.sql}, ordered by the number, whatever its length; a file
 * without such a name is none of its own and left alone, as there. Each file is sent as one query.
 */
final class GolangMigrateReader implements LayoutReader {

    private static final Pattern NAME = Pattern.compile("(\\d+)_(.*)\\.(down|up)\\.(.*)");
    private static final Pattern UP = Pattern.compile("\\d+_.*\\.up\\.sql");

    /** The files of one number; more than one of a kind is a fault. */
    private static final class Files {
        private final List<Path> up = new ArrayList<>();
        private final List<Path> down = new ArrayList<>();
    }

    @Override
    public Optional<Path> evidence(Folder folder) {
        return folder.files().stream()
                .filter(file -> UP.matcher(Folder.nameOf(file)).matches())
                .findFirst();
    }

    @Override
    public List<ChainStep> steps(Folder folder) {
        SortedMap<BigInteger, Files> versions = new TreeMap<>();
        for (Path file : folder.files()) {
            Matcher name = NAME.matcher(Folder.nameOf(file));
            // golang-migrate reads the number as 64 bits without sign, and passes over what is greater
            if (name.matches() && new BigInteger(name.group(1)).bitLength() <= Long.SIZE) {
                Files files = versions.computeIfAbsent(new BigInteger(name.group(1)), any -> new Files());
                (name.group(3).equals("up") ? files.up : files.down).add(file);
            }
        }
        return versions.values().stream().map(GolangMigrateReader::step).toList();
    }

    private static ChainStep step(Files files) {
        Optional<Section> down = files.down.stream()
                .findFirst()
                .map(file -> Section.ofFile(Direction.DOWN, file, TransactionRule.ONE_QUERY));
        if (files.up.isEmpty()) {
            Path file = files.down.getFirst();
            Section nothing = Section.without(Direction.FORWARD, file)
                    .with(new Unread(
                            file,
                            1,
                            "a down file without its up file: golang-migrate counts the version and runs nothing",
                            "write the up file, or delete this one",
                            false));
            return Section.step(stem(file), nothing, down);
        }
        Path file = files.up.getFirst();
        Section forward = Section.ofFile(Direction.FORWARD, file, TransactionRule.ONE_QUERY);
        for (List<Path> same : List.of(files.up, files.down)) {
            for (Path other : same.subList(Math.min(1, same.size()), same.size())) {
                forward = forward.with(new Unread(
                        other,
                        1,
                        "its version is taken by " + Folder.nameOf(same.getFirst())
                                + ", and golang-migrate refuses the folder",
                        "give it a version of its own",
                        true));
            }
        }
        return Section.step(stem(file), forward, down);
    }

    private static String stem(Path file) {
        Matcher name = NAME.matcher(Folder.nameOf(file));
        return name.matches() ? name.group(1) + "_" + name.group(2) : Folder.nameOf(file);
    }
}
