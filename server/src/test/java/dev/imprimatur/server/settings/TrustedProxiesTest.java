package dev.imprimatur.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.server.settings.TrustedProxies.Header;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client writes about itself never counts, wherever it writes it. */
class TrustedProxiesTest {
    private static final List<AddressRange> OURS =
            List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("127.0.0.1"), AddressRange.parse("fd00::/8"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    # who connects | lines, parted by /                    | the client
                    10.0.0.1       | 203.0.113.7                           | 203.0.113.7
                    10.0.0.1       | 1.2.3.4, 203.0.113.7                  | 203.0.113.7
                    10.0.0.1       | 1.2.3.4 / 203.0.113.7                 | 203.0.113.7
                    10.0.0.1       | 1.2.3.4, 203.0.113.7, 10.9.9.9        | 203.0.113.7
                    10.0.0.1       | 10.1.1.1, 203.0.113.7                 | 203.0.113.7
                    127.0.0.1      | 203.0.113.7,10.1.1.1,10.2.2.2         | 203.0.113.7
                    10.0.0.1       | 10.3.3.3, 10.2.2.2                    | 10.3.3.3
                    203.0.113.7    | 127.0.0.1                             | 203.0.113.7
                    203.0.113.7    | 1.2.3.4, 10.0.0.1                     | 203.0.113.7
                    127.0.0.2      | 1.2.3.4                               | 127.0.0.2
                    10.0.0.1       | ``                                    | 10.0.0.1
                    10.0.0.1       | 1.2.3.4, unknown                      | 10.0.0.1
                    10.0.0.1       | 1.2.3.4, not an address, 10.2.2.2     | 10.2.2.2
                    10.0.0.1       | 1.2.3.4,                              | 10.0.0.1
                    10.0.0.1       | 0x7f.1                                | 10.0.0.1
                    10.0.0.1       | 16909060                              | 10.0.0.1
                    10.0.0.1       | 1.2.3                                 | 10.0.0.1
                    10.0.0.1       | 1.2.3.256                             | 10.0.0.1
                    10.0.0.1       | 01.2.3.4                              | 10.0.0.1
                    10.0.0.1       | localhost                             | 10.0.0.1
                    10.0.0.1       | 203.0.113.7:4711                      | 203.0.113.7
                    10.0.0.1       | [2001:db8::1]:4711                    | 2001:db8::1
                    10.0.0.1       | 2001:db8::1                           | 2001:db8::1
                    10.0.0.1       | ::ffff:203.0.113.7                    | 203.0.113.7
                    10.0.0.1       | 203.0.113.7, ::ffff:10.2.2.2          | 203.0.113.7
                    10.0.0.1       | fe80::1%eth0                          | 10.0.0.1
                    fd00::1        | 2001:db8::1, fd12::3                  | 2001:db8::1
                    """)
    void theClientIsTheLastOneThatIsNotOurs(String remote, String lines, String client) {
        assertThat(client(Header.X_FORWARDED_FOR, remote, lines)).isEqualTo(InetAddress.ofLiteral(client));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    10.0.0.1       | for=203.0.113.7                                        | 203.0.113.7
                    10.0.0.1       | for=1.2.3.4, For="203.0.113.7:4711";proto=https;by=x   | 203.0.113.7
                    10.0.0.1       | proto=https; FOR="[2001:db8::1]:4711"                  | 2001:db8::1
                    10.0.0.1       | for="[2001:db8::1]", for=10.2.2.2                      | 2001:db8::1
                    10.0.0.1       | for=1.2.3.4, for=_hidden                               | 10.0.0.1
                    10.0.0.1       | for=1.2.3.4, for=unknown                               | 10.0.0.1
                    10.0.0.1       | for=1.2.3.4, by=203.0.113.7                            | 10.0.0.1
                    10.0.0.1       | xfor=1.2.3.4                                           | 10.0.0.1
                    10.0.0.1       | 1.2.3.4                                                | 10.0.0.1
                    203.0.113.7    | for=127.0.0.1                                          | 203.0.113.7
                    """)
    void theStandardsHeaderIsReadInTheSameWay(String remote, String lines, String client) {
        assertThat(client(Header.FORWARDED, remote, lines)).isEqualTo(InetAddress.ofLiteral(client));
    }

    @Test
    void whoTrustsNobodySeesWhoConnects() {
        TrustedProxies nobody = new TrustedProxies(List.of(), Header.X_FORWARDED_FOR);
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        assertThat(nobody.client(loopback, List.of("1.2.3.4"))).isEqualTo(loopback);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 10.0.0.1, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.0/23, 192.0.3.255, true",
        "192.0.2.0/23, 192.0.4.0, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true",
        "::1, ::2, false"
    })
    void aRangeHoldsWhatSharesItsFirstBits(String range, String address, boolean held) {
        assertThat(AddressRange.parse(range).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(held);
    }

    private static InetAddress client(Header header, String remote, String lines) {
        return new TrustedProxies(OURS, header)
                .client(
                        InetAddress.ofLiteral(remote),
                        Arrays.stream(lines.split(" / ")).toList());
    }
}
