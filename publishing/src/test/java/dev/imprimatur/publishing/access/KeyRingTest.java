package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.publishing.access.KeyRing.Line;
import dev.imprimatur.publishing.access.KeyRing.Purpose;
import java.time.Duration;
import java.util.List;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
    private static final String SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private static final String OTHER = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private final TestClock clock = new TestClock();

    /**
     * Worked out apart from this code (Python's hmac and hashlib): RFC 5869 with an empty salt over 32 zero bytes, info
     * "imprimatur/1/CSRF", then HMAC over 00000001 'a' 00000002 'bc'.
     */
    @Test
    void whatIsSignedIsWrittenDownAndNeverChanges() {
        KeyRing ring = KeyRing.parse("k1 2026-01-01T00:00:00Z " + SECRET, clock);
        assertThat(ring.sign(Purpose.CSRF, "a", "bc"))
                .isEqualTo("k1.36cdbe85410098fca7a5edd65f397b9012eb7ada88e4630f4d6e372fa7d34be2");
    }

    @ParameterizedTest
    @EnumSource(names = {"CSRF", "CURSOR"})
    void aSignatureHoldsForItsPartsInTheirOrderAndForItsPurpose(Purpose purpose) {
        KeyRing ring = KeyRing.fresh(clock);
        String signature = ring.sign(purpose, "session", "random");
        assertThat(ring.verifies(purpose, signature, "session", "random")).isTrue();
        assertThat(ring.verifies(purpose, signature, "random", "session")).isFalse();
        assertThat(ring.verifies(purpose, signature, "sessionr", "andom")).isFalse();
        assertThat(ring.verifies(purpose, signature, "sessionrandom")).isFalse();
        assertThat(ring.verifies(purpose, signature, "session", "random", "")).isFalse();
        assertThat(ring.verifies(Purpose.ENCRYPTION, signature, "session", "random"))
                .isFalse();
        assertThat(KeyRing.fresh(clock).verifies(purpose, signature, "session", "random"))
                .isFalse();
    }

    @Test
    void theNewestSignsAndTheOneBeforeVerifiesForADay() {
        KeyRing first = KeyRing.fresh(clock);
        String old = first.sign(Purpose.CSRF, "x");
        clock.pass(Duration.ofDays(90));
        KeyRing ring = first.rotated(clock.instant());
        String young = ring.sign(Purpose.CSRF, "x");

        assertThat(young.split("\\.", 2)[0]).isNotEqualTo(old.split("\\.", 2)[0]);
        clock.pass(Duration.ofHours(24).minusMillis(1));
        assertThat(ring.verifies(Purpose.CSRF, old, "x")).isTrue();
        clock.pass(Duration.ofMillis(1));
        assertThat(ring.verifies(Purpose.CSRF, old, "x")).isFalse();
        clock.pass(Duration.ofDays(900));
        assertThat(ring.verifies(Purpose.CSRF, young, "x")).isTrue();
    }

    @Test
    void aKeyForLaterVerifiesAtOnceAndSignsFromItsTimeOn() {
        KeyRing first = KeyRing.fresh(clock);
        KeyRing ring = first.rotated(clock.instant().plus(Duration.ofMinutes(10)));
        String before = ring.sign(Purpose.CURSOR, "x");
        assertThat(first.verifies(Purpose.CURSOR, before, "x")).isTrue();

        TestClock ahead = new TestClock();
        ahead.pass(Duration.ofMinutes(11));
        String early = KeyRing.parse(ring.text(), ahead).sign(Purpose.CURSOR, "x");
        assertThat(early.split("\\.", 2)[0]).isNotEqualTo(before.split("\\.", 2)[0]);
        assertThat(ring.verifies(Purpose.CURSOR, early, "x")).isTrue();
    }

    @Test
    void aKeyThatLeakedVouchesForNothingAndStillDecrypts() {
        KeyRing first = KeyRing.fresh(clock).rotated(clock.instant().plus(Duration.ofDays(1)));
        String forged = first.sign(Purpose.CSRF, "x");
        var encrypting = first.encrypting();
        KeyRing ring = first.leaked();

        assertThat(ring.verifies(Purpose.CSRF, forged, "x")).isFalse();
        assertThat(ring.verifies(Purpose.CSRF, ring.sign(Purpose.CSRF, "x"), "x"))
                .isTrue();
        assertThat(ring.decrypting(encrypting.getKey()).map(SecretKey::getEncoded))
                .contains(encrypting.getValue().getEncoded());
        assertThat(ring.encrypting().getKey()).isNotEqualTo(encrypting.getKey());
        assertThat(ring.lines())
                .extracting(Line::does)
                .containsExactly("leaked: only decrypts", "signs", "leaked: only decrypts");
    }

    @Test
    void whatWasEncryptedStaysReadableAfterEveryGrace() {
        KeyRing first = KeyRing.fresh(clock);
        var encrypting = first.encrypting();
        clock.pass(Duration.ofDays(4000));
        KeyRing ring = first.rotated(clock.instant());
        clock.pass(Duration.ofDays(4000));
        assertThat(ring.decrypting(encrypting.getKey()).map(SecretKey::getEncoded))
                .contains(encrypting.getValue().getEncoded());
        assertThat(ring.decrypting("none")).isEmpty();
    }

    @Test
    void aRingComesBackFromItsTextAsItWas() {
        KeyRing ring = KeyRing.fresh(clock).leaked().rotated(clock.instant()).rotated(clock.instant());
        KeyRing read = KeyRing.parse(ring.text(), clock);
        clock.pass(Duration.ofMinutes(1));
        assertThat(read.text()).isEqualTo(ring.text());
        assertThat(read.lines()).isEqualTo(ring.lines()).hasSize(4);
        assertThat(read.verifies(Purpose.CSRF, ring.sign(Purpose.CSRF, "x"), "x"))
                .isTrue();
    }

    @Test
    void itMayStandOnOneLineOfTheEnvironment() {
        KeyRing ring = KeyRing.parse("a 2026-01-01T00:00:00Z " + SECRET + "; b 2026-02-01T00:00:00Z " + OTHER, clock);
        assertThat(ring.sign(Purpose.CSRF, "x")).startsWith("b.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing but a remark",
                "a",
                "a 2026-01-01T00:00:00Z",
                "A 2026-01-01T00:00:00Z " + SECRET,
                "a.b 2026-01-01T00:00:00Z " + SECRET,
                "a 2026-01-01 " + SECRET,
                "a 2026-01-01T00:00:00Z " + SECRET + "AA",
                "a 2026-01-01T00:00:00Z AAAA",
                "a 2026-01-01T00:00:00Z !AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "a 2026-01-01T00:00:00Z " + SECRET + " stolen",
                "a 2026-01-01T00:00:00Z " + SECRET + " leaked",
                "a 2026-01-01T00:00:00Z " + SECRET + " leaked leaked",
                "a 2027-01-01T00:00:00Z " + SECRET,
                "a 2026-01-01T00:00:00Z " + SECRET + "\na 2026-02-01T00:00:00Z " + OTHER
            })
    void whatIsNoRingIsRefusedAndNotRepeated(String text) {
        assertThatThrownBy(() -> KeyRing.parse(text, clock))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("AAAA")
                .hasNoCause();
    }

    @Test
    void nothingTellsItsSecretsButItsText() {
        KeyRing ring = KeyRing.parse("a 2026-01-01T00:00:00Z " + OTHER, clock);
        assertThat(List.of(ring.toString(), ring.lines().toString(), ring.sign(Purpose.CSRF, "x")))
                .noneMatch(text -> text.contains(OTHER.substring(0, 8)) || text.contains("010000"));
        assertThat(ring.text()).contains(OTHER);
    }
}
