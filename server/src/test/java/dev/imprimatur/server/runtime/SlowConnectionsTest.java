package dev.imprimatur.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.imprimatur.publishing.access.Role;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that begin a request and then take their time keep nobody else waiting. */
class SlowConnectionsTest {
    private static final int WANTED = 1_000;

    @Test
    void aThousandSlowConnectionsKeepNobodyElseWaiting() throws IOException {
        int number = affordable();
        try (TestServer server = TestServer.start()) {
            String token = server.token(Role.OPERATOR);
            List<Socket> slow = new ArrayList<>();
            try {
                for (int i = 0; i < number; i++) {
                    slow.add(begin(server, i % 2 == 0 ? inItsHeaders() : inItsBody(token)));
                }
                long began = System.nanoTime();
                for (int i = 0; i < 50; i++) {
                    assertThat(server.get("/api/me", token).status()).isEqualTo(200);
                    assertThat(server.get("/feed.xml", null).status()).isEqualTo(200);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .as("a hundred requests beside %d slow ones", number)
                        .isLessThan(Duration.ofSeconds(10));
                assertThat(slow.stream().filter(SlowConnectionsTest::isOpen).count())
                        .as("they are slow still")
                        .isEqualTo(number);
            } finally {
                for (Socket socket : slow) {
                    socket.close();
                }
            }
        }
    }

    /** Both ends of each connection are in this process, and each is a file. */
    private static int affordable() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            long files = unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount();
            int number = Math.clamp((files - 600) / 2, 50, WANTED);
            if (number < WANTED) {
                System.err.printf("only %d slow connections: ulimit -n leaves %d files%n", number, files);
            }
            return number;
        }
        return WANTED;
    }

    private static String inItsHeaders() {
        return "GET /api/me HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
    }

    private static String inItsBody(String token) {
        return "POST /api/content HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\nIdempotency-Key: slow\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
    }

    private static Socket begin(TestServer server, String request) throws IOException {
        Socket socket =
                new Socket(InetAddress.ofLiteral("127.0.0.1"), server.local().getPort());
        socket.setSoTimeout(1);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    /** No answer yet, and no end. */
    private static boolean isOpen(Socket socket) {
        try {
            return socket.getInputStream().read() == Integer.MIN_VALUE;
        } catch (java.net.SocketTimeoutException nothingYet) {
            return true;
        } catch (IOException ended) {
            return false;
        }
    }
}
