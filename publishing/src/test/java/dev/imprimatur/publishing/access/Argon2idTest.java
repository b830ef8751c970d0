package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2idTest {
    private static final Argon2id.Cost CHEAP = new Argon2id.Cost(64, 1, 1);

    @Test
    void readsWhatTheReferenceImplementationWrites() {
        Argon2id known = Argon2id.parse(
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");

        assertThat(known.matches("password")).isTrue();
        assertThat(known.matches("Password")).isFalse();
    }

    @Test
    void costsWhatOwaspAsksFor() {
        assertThat(Argon2id.of("correct horse battery", Argon2id.Cost.PRESENT).phc())
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    }

    @Test
    void saltsEachHashByItself() {
        Argon2id one = Argon2id.of("correct horse battery", CHEAP);
        Argon2id other = Argon2id.of("correct horse battery", CHEAP);

        assertThat(one.phc()).isNotEqualTo(other.phc());
        assertThat(Argon2id.parse(one.phc()).matches("correct horse battery")).isTrue();
    }

    @Test
    void takesTheSameLettersFromEveryKeyboard() {
        assertThat(Argon2id.of("pass\u00e9 compos\u00e9", CHEAP).matches("passe\u0301 compose\u0301"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "$argon2i$v=19$m=64,t=1,p=1$c29tc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=16$m=64,t=1,p=1$c29tc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=64,t=1,p=1$c29tc2FsdA",
                "$argon2id$v=19$m=64,t=1,p=1$!$CTFh"
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> Argon2id.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
