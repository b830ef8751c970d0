package dev.imprimatur.migrations.incident;

import dev.imprimatur.migrations.Failure;
import dev.imprimatur.migrations.MigrationFolder;
import dev.imprimatur.migrations.Receipts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** The folder of incidents: one file for each time that a migration failed. */
public final class Incidents {

    private static final Path USUAL = Path.of("docs", "incidents");

    private final Path folder;

    private Incidents(Path folder) {
        this.folder = folder;
    }

    /** Incidents that are kept in this folder; it is made when there is one to keep. */
    public static Incidents in(Path folder) {
        return new Incidents(folder);
    }

    /**
     * The incidents of a project: {@code docs/incidents} in the folder of the migrations, or in the nearest one above
     * that has it; else in the working directory.
     */
    public static Incidents near(Path migrations) {
        for (Path above = migrations.toAbsolutePath().normalize(); above != null; above = above.getParent()) {
            if (Files.isDirectory(above.resolve(USUAL))) {
                return new Incidents(above.resolve(USUAL));
            }
        }
        return new Incidents(USUAL.toAbsolutePath());
    }

    /**
     * Writes {@code YYYY-MM-DD-migration-<name>.md}, by the day in UTC; {@code -2} and so on when there is one of that
     * name. Never touches what is there.
     *
     * @param migrations that the failed step belongs to, with its receipts
     * @return the new file
     * @throws IOException when it cannot be written
     */
    public Path write(MigrationFolder migrations, Failure failure) throws IOException {
        String text = new Incident(failure, Receipts.of(migrations.path())).text();
        Files.createDirectories(folder);
        LocalDate day =
                failure.run().timeline().getLast().at().atZone(ZoneOffset.UTC).toLocalDate();
        String name =
                "%s-migration-%s".formatted(day, failure.step().migration().name());
        for (int number = 1; ; number++) {
            Path file = folder.resolve(name + (number == 1 ? "" : "-" + number) + ".md");
            if (created(file, text)) {
                return file;
            }
        }
    }

    private static boolean created(Path file, String text) throws IOException {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }
}
