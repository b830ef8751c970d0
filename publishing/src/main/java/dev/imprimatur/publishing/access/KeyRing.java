package dev.imprimatur.publishing.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an installation. The newest one that is in force signs; those before it verify for a while, so that what
 * was signed just before a rotation still holds. No key is used itself: each purpose has its own, derived by
 * HKDF-SHA256, so that what is signed for one means nothing to another.
 */
public final class KeyRing {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;
    private static final Pattern ID = Pattern.compile("[a-z0-9]{1,16}");
    private static final String LEAKED = "leaked";

    /** What keys are for, and how long one that was superseded still serves it. */
    public enum Purpose {
        CSRF(Duration.ofHours(24)),
        CURSOR(Duration.ofHours(24)),
        /** What was encrypted once must stay readable as long as it is kept. */
        ENCRYPTION(ChronoUnit.FOREVER.getDuration());

        private final Duration grace;

        Purpose(Duration grace) {
            this.grace = grace;
        }

        public Duration grace() {
            return grace;
        }
    }

    /** What a key does now, for a person to read; of its secret there is nothing here. */
    public record Line(String id, Instant from, String does) {}

    private static final class Key {
        private final String id;
        private final Instant from;
        private final boolean leaked;
        private final byte[] secret;
        private final Map<Purpose, SecretKey> derived = new EnumMap<>(Purpose.class);

        Key(String id, Instant from, boolean leaked, byte[] secret) {
            this.id = id;
            this.from = from;
            this.leaked = leaked;
            this.secret = secret;
            for (Purpose purpose : Purpose.values()) {
                derived.put(purpose, derive(secret, purpose));
            }
        }

        SecretKey forPurpose(Purpose purpose) {
            return Objects.requireNonNull(derived.get(purpose));
        }

        Key distrusted() {
            return new Key(id, from, true, secret);
        }

        String text() {
            String base64 = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
            return "%s %s %s%s\n".formatted(id, from, base64, leaked ? " " + LEAKED : "");
        }
    }

    /** By the instant from which each signs. */
    private final List<Key> keys;

    private final InstantSource clock;

    private KeyRing(List<Key> keys, InstantSource clock) {
        this.keys = keys.stream().sorted(Comparator.comparing(key -> key.from)).toList();
        this.clock = clock;
    }

    /** A ring with one new key, in force from now on. */
    public static KeyRing fresh(InstantSource clock) {
        return new KeyRing(List.of(newKey(clock.instant(), Set.of())), clock);
    }

    /**
     * Reads what {@link #text} wrote: a key a line, or between semicolons, as {@code id from secret}, where the secret
     * is 32 bytes in base64url; {@code leaked} behind it says that this key vouches for nothing any more.
     *
     * @throws IllegalArgumentException with the line at fault, and nothing that stood in it
     */
    public static KeyRing parse(String text, InstantSource clock) {
        List<Key> keys = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int number = 0;
        for (String line : text.split("[\n;]", -1)) {
            number++;
            String said = line.strip();
            if (said.isEmpty() || said.startsWith("#")) {
                continue;
            }
            Key key = key(said);
            if (key == null) {
                throw new IllegalArgumentException(
                        "line %d is no key; each is an id, an instant and 32 bytes in base64url, with a blank between"
                                .formatted(number));
            }
            if (!ids.add(key.id)) {
                throw new IllegalArgumentException("line %d has the id of another key".formatted(number));
            }
            keys.add(key);
        }
        KeyRing ring = new KeyRing(keys, clock);
        if (ring.signing().isEmpty()) {
            throw new IllegalArgumentException("there is no key in force");
        }
        return ring;
    }

    private static @Nullable Key key(String line) {
        String[] parts = line.split("\\s+", -1);
        if (parts.length < 3
                || parts.length > 4
                || !ID.matcher(parts[0]).matches()
                || (parts.length == 4 && !parts[3].equals(LEAKED))) {
            return null;
        }
        try {
            byte[] secret = Base64.getUrlDecoder().decode(parts[2]);
            Instant from = Instant.parse(parts[1]);
            return secret.length == BYTES ? new Key(parts[0], from, parts.length == 4, secret) : null;
        } catch (DateTimeParseException | IllegalArgumentException secretsAreNotForMessages) {
            return null;
        }
    }

    /** How it is kept: every secret in full. */
    public String text() {
        StringBuilder text =
                new StringBuilder("# Who holds these keys can forge. Keep a copy, but not with the database's.\n");
        keys.forEach(key -> text.append(key.text()));
        return text.toString();
    }

    /** With a new key that signs from then on, or from a second behind the newest one if that is later. */
    public KeyRing rotated(Instant from) {
        Instant earliest = keys.getLast().from.plusSeconds(1);
        return with(from.isBefore(earliest) ? earliest : from);
    }

    private KeyRing with(Instant from) {
        Set<String> ids = new HashSet<>();
        keys.forEach(key -> ids.add(key.id));
        List<Key> more = new ArrayList<>(keys);
        more.add(newKey(from, ids));
        return new KeyRing(more, clock);
    }

    /** With one new key in force, and none of the present ones trusted: they only decrypt what they have encrypted. */
    public KeyRing leaked() {
        List<Key> distrusted = keys.stream().map(Key::distrusted).toList();
        return new KeyRing(distrusted, clock).with(clock.instant());
    }

    /** Every key, oldest first. */
    public List<Line> lines() {
        return keys.stream().map(key -> new Line(key.id, key.from, does(key))).toList();
    }

    private String does(Key key) {
        if (key.leaked) {
            return "leaked: only decrypts";
        }
        if (signing().filter(key::equals).isPresent()) {
            return "signs";
        }
        if (key.from.isAfter(clock.instant())) {
            return "signs later";
        }
        return serves(key, Purpose.CSRF)
                ? "verifies until " + superseded(key).plus(Purpose.CSRF.grace())
                : "only decrypts";
    }

    /**
     * A signature over these parts, in their order: the key's id, a dot, and HMAC-SHA256 in hexadecimal over each part
     * behind its length in bytes, so that no two lists of parts are the same message.
     */
    public String sign(Purpose purpose, String... parts) {
        return signature(signing().orElseThrow(() -> new IllegalStateException("no key is in force")), purpose, parts);
    }

    /** Whether {@link #sign} gave this for the same purpose and parts, by a key that still serves it. */
    public boolean verifies(Purpose purpose, String signature, String... parts) {
        int dot = signature.indexOf('.');
        if (dot < 0) {
            return false;
        }
        String id = signature.substring(0, dot);
        return keys.stream()
                .filter(key -> key.id.equals(id) && !key.leaked && serves(key, purpose))
                .anyMatch(key -> MessageDigest.isEqual(
                        signature(key, purpose, parts).getBytes(StandardCharsets.UTF_8),
                        signature.getBytes(StandardCharsets.UTF_8)));
    }

    /** The key to encrypt with now, and its id. */
    public Map.Entry<String, SecretKey> encrypting() {
        Key key = signing().orElseThrow(() -> new IllegalStateException("no key is in force"));
        return Map.entry(key.id, key.forPurpose(Purpose.ENCRYPTION));
    }

    /** The key that encrypted under this id, however old. */
    public Optional<SecretKey> decrypting(String id) {
        return keys.stream()
                .filter(key -> key.id.equals(id))
                .map(key -> key.forPurpose(Purpose.ENCRYPTION))
                .findFirst();
    }

    private Optional<Key> signing() {
        Instant now = clock.instant();
        return keys.reversed().stream()
                .filter(key -> !key.leaked && !key.from.isAfter(now))
                .findFirst();
    }

    /** One that is not in force yet serves too: the clock of whoever signed with it may be ahead of ours. */
    private boolean serves(Key key, Purpose purpose) {
        Instant superseded = superseded(key);
        return superseded.equals(Instant.MAX)
                || purpose.grace().equals(ChronoUnit.FOREVER.getDuration())
                || clock.instant().isBefore(superseded.plus(purpose.grace()));
    }

    private Instant superseded(Key key) {
        return keys.stream()
                .filter(other -> !other.leaked)
                .map(other -> other.from)
                .filter(from -> from.isAfter(key.from))
                .findFirst()
                .orElse(Instant.MAX);
    }

    private static String signature(Key key, Purpose purpose, String... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key.forPurpose(purpose));
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(new byte[] {
                    (byte) (bytes.length >>> 24),
                    (byte) (bytes.length >>> 16),
                    (byte) (bytes.length >>> 8),
                    (byte) bytes.length
                });
                mac.update(bytes);
            }
            return key.id + "." + HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static SecretKey derive(byte[] secret, Purpose purpose) {
        byte[] info = ("imprimatur/1/" + purpose.name()).getBytes(StandardCharsets.US_ASCII);
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            purpose == Purpose.ENCRYPTION ? "AES" : "HmacSHA256",
                            HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(info, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java 25 has HKDF-SHA256", e);
        }
    }

    private static Key newKey(Instant from, Set<String> taken) {
        byte[] secret = new byte[BYTES];
        RANDOM.nextBytes(secret);
        byte[] id = new byte[4];
        do {
            RANDOM.nextBytes(id);
        } while (taken.contains(HexFormat.of().formatHex(id)));
        return new Key(HexFormat.of().formatHex(id), from.truncatedTo(ChronoUnit.SECONDS), false, secret);
    }

    @Override
    public String toString() {
        return "KeyRing[***]";
    }
}
