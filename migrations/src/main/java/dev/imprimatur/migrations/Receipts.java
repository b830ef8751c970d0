package dev.imprimatur.migrations;

import dev.imprimatur.migrations.MigrationException.Reason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The receipts of a folder of migrations: {@code receipts/<name>.json} beside them, committed with them. A folder without
 * {@code receipts/} has not begun to keep any, and is not asked for one.
 */
public final class Receipts {

    private final Path folder;

    private Receipts(Path folder) {
        this.folder = folder;
    }

    /**
     * The receipts that belong to a folder of migrations.
     *
     * @param migrations the folder with the migrations, not the one with the receipts
     */
    public static Receipts of(Path migrations) {
        return new Receipts(migrations.resolve("receipts"));
    }

    /** True once the folder exists: from then on {@code up} asks for receipts. */
    public boolean areKept() {
        return Files.isDirectory(folder);
    }

    /** Where the receipt of the migration of this name is, or would be. */
    public Path file(String name) {
        return folder.resolve(name + ".json");
    }

    /**
     * Reads a migration's receipt; empty when there is none.
     *
     * @throws MigrationException {@link Reason#FOLDER_UNREADABLE} when the file is no receipt of that migration, telling
     *     what is wrong and where
     */
    public Optional<Receipt> read(Migration migration) {
        Path file = file(migration.name());
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Receipt receipt = ReceiptText.read(Files.readString(file));
            if (!receipt.name().equals(migration.name())) {
                throw new ReceiptText.FaultyException("it is the receipt of " + receipt.name());
            }
            return Optional.of(receipt);
        } catch (ReceiptText.FaultyException e) {
            throw unreadable(file, String.valueOf(e.getMessage()), e);
        } catch (CharacterCodingException e) {
            throw unreadable(file, "it is not UTF-8", e);
        } catch (IOException e) {
            throw unreadable(file, e.toString(), e);
        }
    }

    private static MigrationException unreadable(Path file, String why, Exception cause) {
        return new MigrationException(
                Reason.FOLDER_UNREADABLE,
                "%s cannot be read: %s. Restore it, or make it anew with `migrate rehearse --record`."
                        .formatted(file, why),
                cause);
    }

    /**
     * Why the migration does not count as rehearsed; empty when it does.
     *
     * @return half a sentence to stand behind the migration's name
     */
    public Optional<String> refusal(Migration migration) {
        Optional<Receipt> receipt;
        try {
            receipt = read(migration);
        } catch (MigrationException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        if (receipt.isEmpty()) {
            return Optional.of("there is no receipt " + file(migration.name()));
        }
        if (!receipt.get().forwardChecksum().equals(migration.forward().checksum())) {
            return Optional.of("its forward file has changed since it was rehearsed");
        }
        if (!receipt.get().downChecksum().equals(migration.down().checksum())) {
            return Optional.of("its down file has changed since it was rehearsed");
        }
        return Optional.empty();
    }

    /**
     * Writes a receipt whole or not at all, in place of an older one. Makes the folder if need be.
     *
     * @return the file
     * @throws MigrationException {@link Reason#FOLDER_UNREADABLE} when it cannot be written
     */
    public Path write(Receipt receipt) {
        Path file = file(receipt.name());
        try {
            Files.createDirectories(folder);
            WholeFile.write(file, ReceiptText.of(receipt));
            return file;
        } catch (IOException e) {
            throw new MigrationException(Reason.FOLDER_UNREADABLE, "%s cannot be written: %s".formatted(file, e), e);
        }
    }
}
