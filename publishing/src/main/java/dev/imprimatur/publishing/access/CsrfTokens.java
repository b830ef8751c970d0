package dev.imprimatur.publishing.access;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a page of ours must send along with each change, and no other site can know: a signature over the browser's
 * session and some random bits. It holds as long as the session does; a new session asks for a new token.
 */
public final class CsrfTokens {
    private static final SecureRandom RANDOM = new SecureRandom();
    /** Signature (the key's id and 256 bits), a dot, 256 random bits. One spelling only. */
    private static final Pattern FORM = Pattern.compile("([a-z0-9]{1,16}\\.[0-9a-f]{64})\\.([0-9a-f]{64})");

    private static final int LONGEST = 16 + 1 + 64 + 1 + 64;

    private final Supplier<KeyRing> keys;

    public CsrfTokens(Supplier<KeyRing> keys) {
        this.keys = keys;
    }

    /** @param session the id by which the browser is known, logged in or not: nobody else may know it */
    public String issue(String session) {
        byte[] bits = new byte[32];
        RANDOM.nextBytes(bits);
        String random = HexFormat.of().formatHex(bits);
        return keys.get().sign(KeyRing.Purpose.CSRF, session, random) + "." + random;
    }

    /** Whether it was issued for this session, by a key that is in force or within its grace. */
    public boolean accepts(@Nullable String token, String session) {
        if (token == null || token.length() > LONGEST) {
            return false;
        }
        var parts = FORM.matcher(token);
        return parts.matches() && keys.get().verifies(KeyRing.Purpose.CSRF, parts.group(1), session, parts.group(2));
    }
}
