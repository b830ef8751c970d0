package dev.imprimatur.migrations.snapshot;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over a snapshot: every part is preceded by its length, so that no two snapshots run into the same bytes. */
final class Fingerprint {

    private final MessageDigest digest;

    private Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String of(Snapshot snapshot) {
        Fingerprint fingerprint = new Fingerprint();
        snapshot.objects().values().forEach(fingerprint::add);
        return HexFormat.of().formatHex(fingerprint.digest.digest());
    }

    /** Facts go by name: a fact that a later release puts between others does not change what had none of it. */
    private void add(CatalogObject object) {
        add(object.id());
        number(object.parent().isPresent() ? 1 : 0);
        object.parent().ifPresent(this::add);
        number(object.facts().size());
        object.facts().entrySet().stream()
                .sorted((one, other) ->
                        one.getKey().name().compareTo(other.getKey().name()))
                .forEach(fact -> {
                    text(fact.getKey().name());
                    text(fact.getValue());
                });
    }

    private void add(ObjectId id) {
        text(id.kind().name());
        text(id.name());
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        digest.update(bytes);
    }

    private void number(int number) {
        digest.update(
                new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
    }
}
