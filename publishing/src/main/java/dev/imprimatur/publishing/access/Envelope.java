package dev.imprimatur.publishing.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A text that may lie in the database and still be read by nobody without the key ring: the key's id, a dot, and
 * AES-256-GCM over it in base64url, bound to where it lies.
 */
public final class Envelope {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;

    private Envelope() {}

    /** @param place where it will lie; elsewhere it cannot be opened */
    public static String seal(KeyRing keys, String text, String place) {
        Map.Entry<String, SecretKey> key = keys.encrypting();
        byte[] iv = new byte[IV_BYTES];
        RANDOM.nextBytes(iv);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, key.getValue(), iv, text.getBytes(StandardCharsets.UTF_8), place);
        byte[] whole = Arrays.copyOf(iv, IV_BYTES + sealed.length);
        System.arraycopy(sealed, 0, whole, IV_BYTES, sealed.length);
        return key.getKey() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    /** @throws IllegalStateException if nobody sealed this for this place with a key of the ring */
    public static String open(KeyRing keys, String envelope, String place) {
        int dot = envelope.indexOf('.');
        SecretKey key = keys.decrypting(envelope.substring(0, Math.max(dot, 0)))
                .orElseThrow(() -> new IllegalStateException("the key that sealed this is not in the ring"));
        byte[] whole = Base64.getUrlDecoder().decode(envelope.substring(dot + 1));
        byte[] iv = Arrays.copyOf(whole, IV_BYTES);
        byte[] sealed = Arrays.copyOfRange(whole, Math.min(IV_BYTES, whole.length), whole.length);
        return new String(run(Cipher.DECRYPT_MODE, key, iv, sealed, place), StandardCharsets.UTF_8);
    }

    private static byte[] run(int mode, SecretKey key, byte[] iv, byte[] input, String place) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
            cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this was not sealed for here, or was changed since", e);
        }
    }
}
