package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads other people's migrations as they are. Whatever is wrong inside a file becomes an {@link Unread} of its step, so
 * that one bad file does not hide the others.
 */
public final class Layouts {

    private Layouts() {}

    /**
     * Reads a folder whose layout its own files tell.
     *
     * @throws MigrationException {@link Reason#FOLDER_UNREADABLE} when there is no such folder or it cannot be listed;
     *     {@link Reason#USAGE} when its files fit no layout or several, saying what was found and what to name
     */
    public static Chain read(Path dir) {
        Folder folder = Folder.list(dir);
        Map<Layout, Path> evidence = new EnumMap<>(Layout.class);
        for (Layout layout : Layout.values()) {
            reader(layout).evidence(folder).ifPresent(file -> evidence.put(layout, file));
        }
        if (evidence.isEmpty()) {
            throw new MigrationException(Reason.USAGE, nothing(folder));
        }
        if (evidence.size() > 1) {
            String found = evidence.entrySet().stream()
                    .map(each -> each.getKey().word() + " (" + dir.relativize(each.getValue()) + ")")
                    .collect(Collectors.joining(" and "));
            String options = evidence.keySet().stream()
                    .map(layout -> "--layout " + layout.word())
                    .collect(Collectors.joining(" or "));
            throw new MigrationException(
                    Reason.USAGE,
                    dir + " fits more than one layout: " + found + ". Name the one you mean with " + options + ".");
        }
        return read(folder, evidence.keySet().iterator().next());
    }

    /**
     * Reads a folder in the layout that somebody named.
     *
     * @throws MigrationException {@link Reason#FOLDER_UNREADABLE} when there is no such folder or it cannot be listed;
     *     {@link Reason#USAGE} when it holds not one file of that layout
     */
    public static Chain read(Path dir, Layout layout) {
        return read(Folder.list(dir), layout);
    }

    private static Chain read(Folder folder, Layout layout) {
        List<ChainStep> steps = reader(layout).steps(folder);
        if (steps.isEmpty()) {
            throw new MigrationException(
                    Reason.USAGE,
                    folder.path() + " holds no migration of the layout " + layout.word() + ", which has " + form(layout)
                            + ". " + contents(folder));
        }
        return new Chain(layout, folder.path(), steps);
    }

    private static LayoutReader reader(Layout layout) {
        return switch (layout) {
            case IMPRIMATUR -> new ImprimaturReader();
            case GOLANG_MIGRATE -> new GolangMigrateReader();
            case DIESEL -> new DieselReader();
            case GOOSE -> new GooseReader();
            case DBMATE -> new DbmateReader();
            case FLYWAY -> new FlywayReader();
        };
    }

    private static String form(Layout layout) {
        return switch (layout) {
            case IMPRIMATUR -> "NNNN_<phase>_<change>.sql and .down.sql";
            case GOLANG_MIGRATE -> "N_x.up.sql and N_x.down.sql";
            case DIESEL -> "a folder a step with up.sql and down.sql";
            case GOOSE -> "N_x.sql with `-- +goose Up`";
            case DBMATE -> "N_x.sql with `-- migrate:up`";
            case FLYWAY -> "VN__x.sql and UN__x.sql";
        };
    }

    private static String nothing(Folder folder) {
        String forms = Arrays.stream(Layout.values())
                .map(layout -> "\n  --layout " + layout.word() + ": " + form(layout))
                .collect(Collectors.joining());
        return folder.path() + " holds no migration of a layout that is known here. " + contents(folder)
                + " If that is the right folder, name its layout:" + forms;
    }

    private static String contents(Folder folder) {
        if (folder.files().isEmpty() && folder.folders().isEmpty()) {
            return "The folder is empty.";
        }
        String files = folder.files().isEmpty()
                ? "no file"
                : folder.files().size() + " files, such as "
                        + Folder.nameOf(folder.files().getFirst());
        String folders = folder.folders().isEmpty()
                ? "no folder"
                : folder.folders().size() + " folders, such as "
                        + Folder.nameOf(folder.folders().getFirst());
        return "Found: " + files + ", and " + folders + ".";
    }
}
