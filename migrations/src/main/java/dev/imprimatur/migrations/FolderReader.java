package dev.imprimatur.migrations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Pairs the files of a folder, reads each, and holds them against the registry. */
final class FolderReader {

    private static final Pattern BASELINE = Pattern.compile("0000_([a-z0-9_]+)");
    private static final Pattern NAME = Pattern.compile("(\\d{4})_([a-z]+)_([a-z0-9_]+)");
    private static final String FORM = "name it NNNN_<expand|backfill|constrain|contract>_<change>.sql, or"
            + " 0000_<change>.sql for the baseline, in lower case with underscores";

    private record Stem(int number, Phase phase, String change) {
        String name() {
            return Migration.name(number, phase, change);
        }
    }

    /** The two files of one stem, as far as they exist. */
    private static final class Pair {
        private Optional<Path> forward = Optional.empty();
        private Optional<Path> down = Optional.empty();
    }

    private final Path folder;
    private final List<LintFinding> findings = new ArrayList<>();
    private final List<MigrationFolder.Incomplete> incomplete = new ArrayList<>();

    FolderReader(Path folder) {
        this.folder = folder;
    }

    MigrationFolder read() {
        SortedMap<Stem, Pair> pairs = pairs();
        checkNumbers(pairs);
        List<Migration> read = new ArrayList<>();
        pairs.forEach((stem, pair) -> migration(stem, pair).ifPresent(read::add));
        List<Migration> migrations = new RegistryLint(folder, findings).attachRows(read, names(pairs));
        findings.sort(
                Comparator.comparing((LintFinding finding) -> finding.file().toString())
                        .thenComparingInt(LintFinding::line));
        return new MigrationFolder(folder, migrations, incomplete, findings);
    }

    private SortedMap<Stem, Pair> pairs() {
        SortedMap<Stem, Pair> pairs =
                new TreeMap<>(Comparator.comparingInt(Stem::number).thenComparing(Stem::name));
        for (Path file : files()) {
            String name = file.getFileName().toString();
            boolean isDown = name.endsWith(".down.sql");
            String stemText = name.substring(0, name.length() - (isDown ? ".down.sql" : ".sql").length());
            Optional<Stem> stem = stem(stemText);
            if (stem.isEmpty()) {
                findings.add(
                        new LintFinding(LintRule.FILE_NAME, file, 1, "the file's name has no number and phase", FORM));
                continue;
            }
            Pair pair = pairs.computeIfAbsent(stem.get(), any -> new Pair());
            if (isDown) {
                pair.down = Optional.of(file);
            } else {
                pair.forward = Optional.of(file);
            }
        }
        return pairs;
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            throw new MigrationException(
                    MigrationException.Reason.FOLDER_UNREADABLE, "There is no folder " + folder + ".");
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".sql"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new MigrationException(
                    MigrationException.Reason.FOLDER_UNREADABLE,
                    "The folder " + folder + " cannot be listed: " + e.getMessage(),
                    e);
        }
    }

    private static Optional<Stem> stem(String text) {
        Matcher baseline = BASELINE.matcher(text);
        if (baseline.matches()) {
            return Optional.of(new Stem(0, Phase.BASELINE, baseline.group(1)));
        }
        Matcher name = NAME.matcher(text);
        if (!name.matches()) {
            return Optional.empty();
        }
        return Phase.ofWord(name.group(2))
                .map(phase -> new Stem(Integer.parseInt(name.group(1)), phase, name.group(3)));
    }

    private void checkNumbers(SortedMap<Stem, Pair> pairs) {
        int expected = 0;
        Optional<Stem> before = Optional.empty();
        for (var entry : pairs.entrySet()) {
            Stem stem = entry.getKey();
            Path file = entry.getValue().forward.or(() -> entry.getValue().down).orElse(folder);
            if (before.isPresent() && before.get().number() == stem.number()) {
                findings.add(new LintFinding(
                        LintRule.NUMBER_DUPLICATE,
                        file,
                        1,
                        "number %04d is also taken by %s"
                                .formatted(stem.number(), before.get().name()),
                        "give the later one the next free number"));
            } else if (stem.number() != expected) {
                findings.add(new LintFinding(
                        LintRule.NUMBER_GAP,
                        file,
                        1,
                        "number %04d follows, but %04d is missing".formatted(stem.number(), expected),
                        "number the migrations without gaps from 0000"));
            }
            expected = stem.number() + 1;
            before = Optional.of(stem);
        }
    }

    private Optional<Migration> migration(Stem stem, Pair pair) {
        if (pair.down.isEmpty()) {
            pair.forward.ifPresent(file -> findings.add(new LintFinding(
                    LintRule.DOWN_MISSING,
                    file,
                    1,
                    "the way back is missing",
                    "write " + file.resolveSibling(stem.name() + ".down.sql"))));
        }
        if (pair.forward.isEmpty()) {
            pair.down.ifPresent(file -> findings.add(new LintFinding(
                    LintRule.FORWARD_MISSING,
                    file,
                    1,
                    "a down file without its forward file",
                    "write " + file.resolveSibling(stem.name() + ".sql"))));
        }
        Optional<Script> forward = pair.forward.flatMap(file -> script(file, Direction.FORWARD));
        Optional<Script> down = pair.down.flatMap(file -> script(file, Direction.DOWN));
        if (forward.isEmpty() || down.isEmpty()) {
            incomplete.add(new MigrationFolder.Incomplete(stem.number(), stem.phase(), stem.change(), forward, down));
            return Optional.empty();
        }
        return Optional.of(
                new Migration(stem.number(), stem.phase(), stem.change(), forward.get(), down.get(), Optional.empty()));
    }

    private Optional<Script> script(Path file, Direction direction) {
        return new ScriptReader(file, direction, findings).read();
    }

    private static SortedMap<Integer, String> names(SortedMap<Stem, Pair> pairs) {
        SortedMap<Integer, String> names = new TreeMap<>();
        pairs.keySet().forEach(stem -> names.put(stem.number(), stem.name()));
        return names;
    }
}
