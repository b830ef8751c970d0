package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.Chance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A token is taken from the browser that it was issued to, in the one spelling that it was issued in, or not at all. */
class CsrfTokensTest {
    private static final String SESSION = "Zm9yZ2VyaWVzIGFyZSBub3QgZm9yIHVzIHRvIHRha2U";
    private static final String RANDOM = "0123456789abcdef".repeat(4);

    private final TestClock clock = new TestClock();
    private KeyRing ring = KeyRing.fresh(clock);
    private final CsrfTokens tokens = new CsrfTokens(() -> ring);

    @Test
    void whatWasIssuedIsAcceptedAgainAndAgainAndNeverIssuedTwice() {
        String token = tokens.issue(SESSION);
        assertThat(tokens.accepts(token, SESSION)).isTrue();
        assertThat(tokens.accepts(token, SESSION)).isTrue();
        assertThat(tokens.issue(SESSION)).isNotEqualTo(token);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "")
    void aMissingTokenIsRefused(@Nullable String token) {
        assertThat(tokens.accepts(token, SESSION)).isFalse();
    }

    /** Who can write a cookie and a header, but has no key, gains nothing by their being equal. */
    @Test
    void aForgedTokenIsRefusedHoweverWellFormed() {
        String id = part(tokens.issue(SESSION), 0);
        assertThat(tokens.accepts(id + "." + "0".repeat(64) + "." + RANDOM, SESSION))
                .isFalse();
        assertThat(tokens.accepts(
                        KeyRing.fresh(clock).sign(KeyRing.Purpose.CSRF, SESSION, RANDOM) + "." + RANDOM, SESSION))
                .as("by a key of the forger's own")
                .isFalse();
        assertThat(tokens.accepts(ring.sign(KeyRing.Purpose.CURSOR, SESSION, RANDOM) + "." + RANDOM, SESSION))
                .as("signed by us, for something else")
                .isFalse();
        assertThat(tokens.accepts(ring.sign(KeyRing.Purpose.CSRF, SESSION, RANDOM) + "." + RANDOM, SESSION))
                .as("while ours holds")
                .isTrue();
    }

    @Test
    void aCharacterChangedAnywhereIsOneTooMany() {
        String token = tokens.issue(SESSION);
        for (int at = 0; at < token.length(); at++) {
            char other = token.charAt(at) == '0' ? '1' : '0';
            assertThat(tokens.accepts(token.substring(0, at) + other + token.substring(at + 1), SESSION))
                    .as("at %d of %s", at, token)
                    .isFalse();
        }
    }

    @Test
    void partsOfTwoTokensMakeNone() {
        String one = tokens.issue(SESSION);
        String two = tokens.issue(SESSION);
        assertThat(tokens.accepts(part(one, 0) + "." + part(one, 1) + "." + part(two, 2), SESSION))
                .isFalse();
        ring = ring.rotated(clock.instant());
        clock.pass(Duration.ofSeconds(5));
        String young = tokens.issue(SESSION);
        assertThat(part(young, 0)).isNotEqualTo(part(one, 0));
        assertThat(tokens.accepts(part(young, 0) + "." + part(one, 1) + "." + part(one, 2), SESSION))
                .as("under another key's id")
                .isFalse();
    }

    @Test
    void aTruncatedTokenIsRefusedAtEachLength() {
        String token = tokens.issue(SESSION);
        for (int length = 0; length < token.length(); length++) {
            assertThat(tokens.accepts(token.substring(0, length), SESSION)).isFalse();
            assertThat(tokens.accepts(token.substring(token.length() - length), SESSION))
                    .isFalse();
        }
    }

    @Test
    void anotherSessionsTokenIsRefused() {
        String token = tokens.issue(SESSION);
        List.of("", "x", SESSION + "x", "x" + SESSION, SESSION.toLowerCase(Locale.ROOT), SESSION.substring(1))
                .forEach(other ->
                        assertThat(tokens.accepts(token, other)).as(other).isFalse());
    }

    /** Without their lengths in it, the message of one session could be read as that of another. */
    @Test
    void whereTheSessionEndsAndTheRandomBeginsIsSigned() {
        String signature = ring.sign(KeyRing.Purpose.CSRF, SESSION + "ab", RANDOM);
        assertThat(tokens.accepts(signature + "." + "ab" + RANDOM.substring(2), SESSION))
                .isFalse();
        String shifted = ring.sign(KeyRing.Purpose.CSRF, SESSION, RANDOM) + "." + RANDOM;
        assertThat(tokens.accepts(shifted, SESSION + RANDOM)).isFalse();
    }

    @Test
    void anOldKeyServesWithinItsGraceAndNotBehind() {
        String old = tokens.issue(SESSION);
        ring = ring.rotated(clock.instant().plusSeconds(1));
        clock.pass(Duration.ofSeconds(1));
        assertThat(part(tokens.issue(SESSION), 0)).isNotEqualTo(part(old, 0));
        clock.pass(KeyRing.Purpose.CSRF.grace().minusSeconds(1));
        assertThat(tokens.accepts(old, SESSION)).isTrue();
        assertThat(tokens.accepts(old, "another")).isFalse();
        clock.pass(Duration.ofSeconds(1));
        assertThat(tokens.accepts(old, SESSION)).isFalse();
    }

    @Test
    void aKeyThatLeakedServesNoMore() {
        String old = tokens.issue(SESSION);
        ring = ring.leaked();
        assertThat(tokens.accepts(old, SESSION)).isFalse();
        assertThat(tokens.accepts(tokens.issue(SESSION), SESSION)).isTrue();
    }

    @Test
    void whatIsNoTokenIsRefusedAndBreaksNothing() {
        String token = tokens.issue(SESSION);
        String id = part(token, 0);
        String mac = part(token, 1);
        String random = part(token, 2);
        List<String> malformed = new ArrayList<>(List.of(
                ".",
                "..",
                "...",
                "null",
                "undefined",
                " " + token,
                token + " ",
                token + "\n",
                token + "\0",
                token + "." + random,
                id + mac + random,
                id + "." + mac,
                id + "." + mac + ".",
                mac + "." + random,
                "." + mac + "." + random,
                id + ".." + random,
                id + "." + random + "." + mac,
                id + "." + mac.toUpperCase(Locale.ROOT) + "." + random,
                id + "." + mac + "." + random.toUpperCase(Locale.ROOT),
                id + "." + mac + "." + random + "00",
                id + "." + mac + "00." + random,
                id + "." + mac + "!" + random,
                id + "." + mac.replace(mac.charAt(0), '\u0661') + "." + random,
                "\"" + token + "\"",
                token + "," + token,
                token + "; " + token,
                "%" + token,
                "a".repeat(17) + "." + mac + "." + random,
                "\ud800",
                token.repeat(10_000)));
        malformed.add(new StringBuilder(token).reverse().toString());
        malformed.forEach(text -> assertThat(tokens.accepts(text, SESSION))
                .as(text.substring(0, Math.min(200, text.length())))
                .isFalse());
        assertThat(tokens.accepts(token, SESSION)).isTrue();
    }

    @Test
    void noRandomCorruptionIsTaken() {
        Chance.tries(20_000, chance -> {
            String token = tokens.issue(SESSION);
            StringBuilder corrupt = new StringBuilder(token);
            for (long left = chance.between(1, 4); left > 0; left--) {
                corrupt(corrupt, chance);
            }
            assertThat(tokens.accepts(corrupt.toString(), SESSION))
                    .as("%s made of %s", corrupt, token)
                    .isEqualTo(corrupt.toString().equals(token));
        });
    }

    private static void corrupt(StringBuilder text, Chance chance) {
        int at = (int) chance.between(0, Math.max(0, text.length() - 1));
        switch ((int) chance.between(0, 5)) {
            case 0 -> text.insert(at, (char) chance.between(0, 0xffff));
            case 1 -> text.delete(at, Math.min(text.length(), at + 1));
            case 2 -> text.replace(at, Math.min(text.length(), at + 1), chance.of("0", "f", ".", "A", "=", "%"));
            case 3 -> text.setLength(at);
            case 4 -> text.append(text, 0, at);
            default ->
                text.replace(
                        at,
                        text.length(),
                        new StringBuilder(text.substring(at)).reverse().toString());
        }
    }

    private static String part(String token, int number) {
        return token.split("\\.", -1)[number];
    }
}
