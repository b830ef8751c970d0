package dev.imprimatur.server.settings;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Internet addresses as proxies write them. Nothing is ever looked up. */
final class Addresses {
    /** Java takes 10 and 0x0a.1 for addresses too. */
    private static final Pattern V4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern WITH_PORT =
            Pattern.compile("(?:\\[(?<six>[^\\]]+)]|(?<four>[0-9.]+))(?::[0-9]{1,5})?");

    private Addresses() {}

    /** Null for what is no address. One of IPv4 in the clothes of IPv6 counts as what it is. */
    static @Nullable InetAddress parse(String text) {
        try {
            if (V4.matcher(text).matches()) {
                return InetAddress.ofLiteral(text);
            }
            return V6.matcher(text).matches() && text.length() <= 45 ? Inet6Address.ofLiteral(text) : null;
        } catch (IllegalArgumentException notOne) {
            return null;
        }
    }

    /** Also {@code 192.0.2.1:4711} and {@code [2001:db8::1]:4711}. */
    static @Nullable InetAddress parseWithPort(String text) {
        InetAddress bare = parse(text);
        if (bare != null) {
            return bare;
        }
        var parts = WITH_PORT.matcher(text);
        return parts.matches() ? parse(parts.group("six") != null ? parts.group("six") : parts.group("four")) : null;
    }
}
