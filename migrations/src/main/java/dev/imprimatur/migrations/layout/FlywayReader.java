package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Direction;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Flyway with the prefixes, separator and suffix that it has without configuration: {@code V1_2__x.sql} and
 * {@code U1_2__x.sql}, in the folder and all folders below it. A version's numbers stand between dots or underscores and
 * are compared one by one, a missing one being zero.
 *
 * <p>Repeatable migrations, callbacks and steps in Java are named, and so are baselines as long as the migrations that
 * they stand for are there.
 */
final class FlywayReader implements LayoutReader {

    private static final Pattern VERSIONED = Pattern.compile("V\\d[\\d._]*__.*\\.sql");
    private static final Pattern OURS = Pattern.compile(
            "([VUB])(.*?)(?:__(.*))?\\.(sql|java|kt)|(R)__(.*)\\.sql|(before|after)[A-Z][A-Za-z]*(__.*)?\\.sql");
    private static final Pattern VERSION = Pattern.compile("\\d+(?:[._]\\d+)*");

    /** Compared as Flyway does. */
    private record Version(List<BigInteger> parts) implements Comparable<Version> {

        static Version of(String text) {
            return new Version(
                    Arrays.stream(text.split("[._]")).map(BigInteger::new).toList());
        }

        @Override
        public int compareTo(Version other) {
            for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
                int compared = part(i).compareTo(other.part(i));
                if (compared != 0) {
                    return compared;
                }
            }
            return 0;
        }

        private BigInteger part(int i) {
            return i < parts.size() ? parts.get(i) : BigInteger.ZERO;
        }
    }

    /** The files of one version. */
    private static final class Files {
        private final List<Path> forward = new ArrayList<>();
        private final List<Path> undo = new ArrayList<>();
        private final List<Path> baseline = new ArrayList<>();

        List<Path> of(String prefix) {
            return switch (prefix) {
                case "V" -> forward;
                case "U" -> undo;
                default -> baseline;
            };
        }
    }

    @Override
    public Optional<Path> evidence(Folder folder) {
        return folder.filesBelow(VERSIONED).stream().findFirst();
    }

    @Override
    public List<ChainStep> steps(Folder folder) {
        TreeMap<Version, Files> versions = new TreeMap<>();
        List<ChainStep> behind = new ArrayList<>();
        for (Path file : folder.filesBelow(OURS)) {
            Matcher name = OURS.matcher(Folder.nameOf(file));
            if (!name.matches()) {
                continue;
            }
            if (name.group(1) != null && VERSION.matcher(name.group(2)).matches()) {
                versions.computeIfAbsent(Version.of(name.group(2)), any -> new Files())
                        .of(name.group(1))
                        .add(file);
            } else {
                stray(name, file).ifPresent(behind::add);
            }
        }
        List<ChainStep> steps = new ArrayList<>();
        versions.forEach((version, files) -> add(steps, versions.headMap(version, true), files));
        if (!steps.isEmpty()) {
            steps.addAll(behind);
        }
        return steps;
    }

    private static Optional<ChainStep> stray(Matcher name, Path file) {
        if (name.group(5) != null) {
            return Optional.of(Section.named(
                    stem(file),
                    file,
                    "a repeatable migration, which Flyway runs again behind the others whenever it changes",
                    "check by hand that it still runs behind the last step",
                    false));
        }
        if (name.group(7) != null) {
            return Optional.of(Section.named(
                    stem(file),
                    file,
                    "a callback, which Flyway runs around the migrations",
                    "put what the migrations need of it into a file and pass that with --prelude",
                    false));
        }
        // Any file may begin with one of these letters; only with the separator it was meant for Flyway
        return name.group(3) == null
                ? Optional.empty()
                : Optional.of(Section.named(
                        stem(file),
                        file,
                        "no version that Flyway can read, so that it passes over the file",
                        "name it V<number>__<description>.sql",
                        false));
    }

    private static void add(List<ChainStep> steps, SortedMap<Version, Files> upToHere, Files files) {
        for (Path baseline : files.baseline) {
            boolean replaces = upToHere.values().stream().anyMatch(each -> !each.forward.isEmpty());
            steps.add(
                    replaces
                            ? Section.named(
                                    stem(baseline),
                                    baseline,
                                    "a baseline: Flyway runs it on an empty database in place of the migrations up to it",
                                    "rehearse a folder without those to rehearse the baseline",
                                    false)
                            : Section.step(
                                    stem(baseline), FlywayScript.read(Direction.FORWARD, baseline), Optional.empty()));
        }
        if (files.forward.isEmpty()) {
            files.undo.forEach(undo -> steps.add(Section.named(
                    stem(undo),
                    undo,
                    "an undo file without its migration",
                    "write the V file, or delete this one",
                    false)));
            return;
        }
        Path file = files.forward.getFirst();
        Optional<Section> down = files.undo.stream().findFirst().map(undo -> FlywayScript.read(Direction.DOWN, undo));
        Section forward = Folder.nameOf(file).endsWith(".sql")
                ? FlywayScript.read(Direction.FORWARD, file)
                : Section.without(Direction.FORWARD, file)
                        .with(
                                1,
                                "a step in Java or Kotlin, which only the program that it is part of can run",
                                "write it in SQL, or rehearse the steps before it with --to");
        for (List<Path> same : List.of(files.forward, files.undo)) {
            for (Path other : same.subList(Math.min(1, same.size()), same.size())) {
                forward = forward.with(new Unread(
                        other,
                        1,
                        "its version is taken by " + Folder.nameOf(same.getFirst()) + ", and Flyway refuses the folder",
                        "give it a version of its own",
                        true));
            }
        }
        steps.add(Section.step(stem(file), forward, down));
    }

    private static String stem(Path file) {
        return Folder.nameOf(file).replaceFirst("\\.(sql|java|kt)$", "");
    }
}
