package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Direction;
import dev.imprimatur.migrations.SourceText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * dbmate: one file a step, which begins with digits, ordered by its name; other files are left alone, as there.
 */
final class DbmateReader implements LayoutReader {

    private static final Pattern NAME = Pattern.compile("(\\d+).*\\.sql");
    private static final Pattern UP = Pattern.compile("(?m)^--\\s*migrate:up(\\s*$|\\s+\\S+)");

    @Override
    public Optional<Path> evidence(Folder folder) {
        return folder.fileWith(NAME, UP);
    }

    @Override
    public List<ChainStep> steps(Folder folder) {
        Map<String, Path> taken = new HashMap<>();
        List<ChainStep> steps = new ArrayList<>();
        for (Path file : folder.files()) {
            Matcher name = NAME.matcher(Folder.nameOf(file));
            if (name.matches()) {
                steps.add(step(file, Optional.ofNullable(taken.putIfAbsent(name.group(1), file))));
            }
        }
        return steps;
    }

    private static ChainStep step(Path file, Optional<Path> sameVersion) {
        String name = Folder.nameOf(file).replaceFirst("\\.sql$", "");
        return switch (SourceText.of(file)) {
            case SourceText.Unreadable unreadable ->
                Section.step(name, Section.ofFile(Direction.FORWARD, file, TransactionRule.ONE), Optional.empty());
            case SourceText.Read(String text) -> {
                DbmateScript script = new DbmateScript(file, text);
                Section forward = script.forward();
                if (sameVersion.isPresent()) {
                    forward = forward.with(
                            1,
                            "its version is taken by " + Folder.nameOf(sameVersion.get()),
                            "give it a version of its own");
                }
                yield Section.step(name, forward, script.down());
            }
        };
    }
}
