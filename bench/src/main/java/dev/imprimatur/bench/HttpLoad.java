package dev.imprimatur.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Keep-alive connections on one thread that send a request made beforehand, of which only the idempotency key changes.
 * A full HTTP client would take a good part of the processor time that is to be measured.
 */
final class HttpLoad implements Load {
    private static final String KEY = "http-%016d";
    private static final int LARGEST_ANSWER = 1 << 20;

    private final Target target;
    private final List<InetSocketAddress> addresses;
    private final byte[] request;
    private final int keyEnd;
    private final Selector selector = Selector.open();
    private long sent;

    /** @param servers that share the connections evenly */
    HttpLoad(Target target, List<URI> servers, String token, byte[] json) throws IOException {
        this.target = target;
        this.addresses = servers.stream()
                .map(server -> new InetSocketAddress(server.getHost(), server.getPort()))
                .toList();
        String head = String.join(
                "\r\n",
                "POST " + target.path() + " HTTP/1.1",
                "Host: " + servers.getFirst().getAuthority(),
                "Authorization: Bearer " + token,
                "Content-Type: application/json",
                "Accept: application/json",
                "Content-Length: " + json.length,
                "Idempotency-Key: ");
        ByteBuffer whole = ByteBuffer.allocate(head.length() + KEY.formatted(0).length() + 4 + json.length)
                .put(head.getBytes(ISO_8859_1))
                .put((KEY.formatted(0) + "\r\n\r\n").getBytes(ISO_8859_1))
                .put(json);
        this.request = whole.array();
        this.keyEnd = head.length() + KEY.formatted(0).length();
    }

    @Override
    public Round run(int connections, Duration atLeast) throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            exchanges.add(new Exchange(addresses.get(i % addresses.size())));
        }
        LongStream.Builder nanos = LongStream.builder();
        long start = System.nanoTime();
        long end = start + atLeast.toNanos();
        for (Exchange exchange : exchanges) {
            exchange.send();
        }
        int open = connections;
        while (open > 0) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                Exchange exchange = (Exchange) key.attachment();
                if (exchange.isAnswered()) {
                    long now = System.nanoTime();
                    nanos.add(now - exchange.begun);
                    if (now < end) {
                        exchange.send();
                    } else {
                        exchange.channel.close();
                        open--;
                    }
                }
            }
            selector.selectedKeys().clear();
        }
        return Round.of(nanos.build(), Duration.ofNanos(System.nanoTime() - start));
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }

    private final class Exchange {
        private final SocketChannel channel;
        private final ByteBuffer out = ByteBuffer.wrap(request.clone());
        private ByteBuffer in = ByteBuffer.allocate(1 << 16);
        private long begun;

        Exchange(InetSocketAddress address) throws IOException {
            channel = SocketChannel.open(address);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void send() throws IOException {
            long digits = sent++;
            for (int i = keyEnd - 1; digits > 0; i--, digits /= 10) {
                out.array()[i] = (byte) ('0' + digits % 10);
            }
            in.clear();
            out.rewind();
            begun = System.nanoTime();
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        boolean isAnswered() throws IOException {
            if (channel.read(in) < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (!in.hasRemaining() && in.capacity() < LARGEST_ANSWER) {
                in = ByteBuffer.allocate(in.capacity() * 2).put(in.flip());
            }
            String answer = new String(in.array(), 0, in.position(), ISO_8859_1);
            if (!isWhole(answer)) {
                return false;
            }
            if (!target.isCreate(answer)) {
                throw new IOException("not a create:\n" + answer);
            }
            return true;
        }
    }

    /** There is never a second answer behind the first, as the next request is not sent before. */
    static boolean isWhole(String answer) {
        int head = answer.indexOf("\r\n\r\n");
        if (head < 0) {
            return false;
        }
        String name = "\r\ncontent-length:";
        int length = answer.substring(0, head).toLowerCase(Locale.ROOT).indexOf(name);
        if (length < 0) {
            return answer.endsWith("\r\n0\r\n\r\n");
        }
        int from = length + name.length();
        int bytes = Integer.parseInt(
                answer.substring(from, answer.indexOf("\r\n", from)).strip());
        return answer.length() >= head + 4 + bytes;
    }
}
