package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-25T12:00:00Z"));

    private final KeyRing keys = KeyRing.fresh(CLOCK);

    @Test
    void opensWhatWasSealedAndShowsNothingOfIt() {
        String sealed = Envelope.seal(keys, "ünd a secret", "here");
        assertThat(sealed).doesNotContain("secret").matches("[a-z0-9]+\\.[\\w-]+");
        assertThat(Envelope.open(keys, sealed, "here")).isEqualTo("ünd a secret");
        assertThat(Envelope.seal(keys, "ünd a secret", "here")).isNotEqualTo(sealed);
    }

    @Test
    void opensAfterARotationAndALeak() {
        String sealed = Envelope.seal(keys, "secret", "here");
        assertThat(Envelope.open(keys.rotated(CLOCK.instant()), sealed, "here")).isEqualTo("secret");
        assertThat(Envelope.open(keys.leaked(), sealed, "here")).isEqualTo("secret");
    }

    @Test
    void opensNowhereElseAndNothingChanged() {
        String sealed = Envelope.seal(keys, "secret", "here");
        assertThatThrownBy(() -> Envelope.open(keys, sealed, "there")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Envelope.open(KeyRing.fresh(CLOCK), sealed, "here"))
                .isInstanceOf(IllegalStateException.class);
        for (int i = sealed.indexOf('.') + 1; i < sealed.length() - 1; i++) {
            char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
            assertThatThrownBy(() -> Envelope.open(keys, changed, "here")).isInstanceOf(IllegalStateException.class);
        }
        for (String broken :
                new String[] {"", ".", sealed.substring(0, 20), sealed.substring(0, sealed.length() - 4)}) {
            assertThatThrownBy(() -> Envelope.open(keys, broken, "here")).isInstanceOf(IllegalStateException.class);
        }
    }
}
