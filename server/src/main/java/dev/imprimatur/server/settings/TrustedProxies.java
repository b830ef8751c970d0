package dev.imprimatur.server.settings;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose word is taken on where a request came from. Anybody can send such a header; only what a proxy of ours has
 * written into it is true, and that is the end of the list and not its beginning.
 *
 * @param ranges where our proxies are; empty for none
 * @param header the one header that they write. A proxy passes on the other one as the client has sent it
 */
public record TrustedProxies(List<AddressRange> ranges, Header header) {
    private static final Pattern FOR =
            Pattern.compile("(?i)(?:^|;)\\s*for=(?:\"(?<quoted>[^\"\\\\]*)\"|(?<bare>[^;,\"\\s]+))");

    /** How a proxy says for whom it asks. */
    public enum Header {
        X_FORWARDED_FOR("X-Forwarded-For"),
        /** RFC 7239. */
        FORWARDED("Forwarded");

        private final String label;

        Header(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }

        static Header of(String text) {
            for (Header header : values()) {
                if (header.label.toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))) {
                    return header;
                }
            }
            throw new IllegalArgumentException("write X-Forwarded-For or Forwarded");
        }
    }

    public TrustedProxies {
        ranges = List.copyOf(ranges);
    }

    public boolean trusts(InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /**
     * The client: the first address that is none of our proxies, seen from us. What stands before that is the client's
     * own word. Where a proxy has named nobody, or nothing that is an address, the client is that proxy.
     *
     * @param remote who holds the connection
     * @param lines every line of {@link #header}, in their order
     */
    public InetAddress client(InetAddress remote, List<String> lines) {
        InetAddress client = remote;
        List<String> hops = new ArrayList<>();
        for (String line : lines) {
            Collections.addAll(hops, line.split(",", -1));
        }
        for (String hop : hops.reversed()) {
            if (!trusts(client)) {
                break;
            }
            InetAddress before = address(hop.strip());
            if (before == null) {
                break;
            }
            client = before;
        }
        return client;
    }

    private @Nullable InetAddress address(String hop) {
        if (header == Header.X_FORWARDED_FOR) {
            return Addresses.parseWithPort(hop);
        }
        var found = FOR.matcher(hop);
        if (!found.find()) {
            return null;
        }
        String quoted = found.group("quoted");
        return Addresses.parseWithPort(quoted == null ? found.group("bare") : quoted);
    }
}
