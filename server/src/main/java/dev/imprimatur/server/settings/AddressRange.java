package dev.imprimatur.server.settings;

import java.net.InetAddress;
import java.util.Arrays;

/** A range of addresses in CIDR form, {@code 10.0.0.0/8} or {@code fd00::/8}; an address alone is a range of one. */
public record AddressRange(InetAddress first, int bits) {

    /** @throws IllegalArgumentException with what to write */
    public static AddressRange parse(String text) {
        String[] parts = text.split("/", -1);
        InetAddress first = Addresses.parse(parts[0]);
        if (first == null || parts.length > 2) {
            throw new IllegalArgumentException("'" + text + "' is no range of addresses; write 10.0.0.0/8 or ::1");
        }
        int most = first.getAddress().length * 8;
        int bits = most;
        if (parts.length == 2) {
            bits = parts[1].matches("[0-9]{1,3}") ? Integer.parseInt(parts[1]) : most + 1;
        }
        if (bits > most) {
            throw new IllegalArgumentException("'%s': the bits go from 0 to %d".formatted(text, most));
        }
        AddressRange range = new AddressRange(first, bits);
        if (!Arrays.equals(range.masked(first.getAddress()), first.getAddress())) {
            throw new IllegalArgumentException("'%s' has bits behind its first %d".formatted(text, bits));
        }
        return range;
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == first.getAddress().length && Arrays.equals(masked(bytes), first.getAddress());
    }

    private byte[] masked(byte[] address) {
        byte[] masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(bits - i * 8L, 0, 8);
            masked[i] &= (byte) (0xff00 >>> kept);
        }
        return masked;
    }
}
