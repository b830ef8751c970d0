package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Direction;
import dev.imprimatur.migrations.SourceText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * diesel: a folder a step with {@code up.sql} and {@code down.sql}. The version is the name up to the first underscore
 * without its hyphens, and versions are compared as text, not as numbers: {@code 10_x} comes before {@code 9_x}.
 *
 * <p>A file is sent as one query, inside a transaction unless {@code metadata.toml} says
 * {@code run_in_transaction = false}. A {@code metadata.toml} without that key means false too, and one that is no TOML
 * means true; both are diesel's own doing.
 */
final class DieselReader implements LayoutReader {

    private static final Pattern KEY = Pattern.compile("run_in_transaction\\s*=\\s*(true|false)\\s*(#.*)?");

    @Override
    public Optional<Path> evidence(Folder folder) {
        return folder.folders().stream()
                .map(step -> step.resolve("up.sql"))
                .filter(Files::exists)
                .findFirst();
    }

    @Override
    public List<ChainStep> steps(Folder folder) {
        Map<String, Path> taken = new HashMap<>();
        List<ChainStep> steps = new ArrayList<>();
        folder.folders().stream()
                .sorted(Comparator.comparing(DieselReader::version).thenComparing(Folder::nameOf))
                .forEach(step -> steps.add(step(step, Optional.ofNullable(taken.putIfAbsent(version(step), step)))));
        return steps.stream().anyMatch(step -> Files.exists(step.forward().file())) ? steps : List.of();
    }

    private static ChainStep step(Path folder, Optional<Path> sameVersion) {
        String name = Folder.nameOf(folder);
        Path up = folder.resolve("up.sql");
        Path down = folder.resolve("down.sql");
        if (!Files.exists(up)) {
            return Section.named(
                    name,
                    up,
                    "a folder without up.sql, which diesel refuses",
                    "write it, or move the folder elsewhere",
                    Files.exists(down));
        }
        Path metadata = folder.resolve("metadata.toml");
        TransactionRule rule = TransactionRule.ONE;
        Optional<Unread> fault = Optional.empty();
        if (Files.exists(metadata)) {
            switch (SourceText.of(metadata)) {
                case SourceText.Read read -> rule = rule(read.text());
                case SourceText.Unreadable(var finding) ->
                    fault = Optional.of(
                            new Unread(metadata, finding.line(), finding.problem(), finding.remedy(), true));
            }
        }
        Section forward = Section.ofFile(Direction.FORWARD, up, rule);
        if (forward.isBlank()) {
            forward = forward.with(1, "an empty file, which diesel refuses", "write the change, or a comment");
        }
        if (fault.isPresent()) {
            forward = forward.with(fault.get());
        }
        if (sameVersion.isPresent()) {
            forward = forward.with(
                    1,
                    "its version is taken by " + Folder.nameOf(sameVersion.get())
                            + ", and diesel runs only one of them",
                    "give it a version of its own");
        }
        Optional<Section> back =
                Files.exists(down) ? Optional.of(Section.ofFile(Direction.DOWN, down, rule)) : Optional.empty();
        return Section.step(name, forward, back);
    }

    private static TransactionRule rule(String toml) {
        for (String line : toml.lines().map(String::strip).toList()) {
            if (line.startsWith("[")) {
                break;
            }
            Matcher key = KEY.matcher(line);
            if (key.matches()) {
                return key.group(1).equals("true") ? TransactionRule.ONE : TransactionRule.ONE_QUERY;
            }
        }
        return TransactionRule.ONE_QUERY;
    }

    private static String version(Path folder) {
        return Folder.nameOf(folder).split("_", 2)[0].replace("-", "");
    }
}
