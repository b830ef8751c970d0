package dev.imprimatur.server.telemetry;

import com.google.protobuf.MessageOrBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/** Takes OTLP over HTTP as OpenObserve does: protobuf under the organisation's path, and nothing but that. */
final class Collector implements AutoCloseable {
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Integer> refusals = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch open = new CountDownLatch(0);

    /** One request as it came in, and what was answered. */
    record Received(String path, Map<String, List<String>> headers, MessageOrBuilder message, int answer) {
        String header(String name) {
            return String.join(",", headers.getOrDefault(name, List.of()));
        }

        String text() {
            return message.toString();
        }
    }

    Collector() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/", this::take);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Answers the next traces so, one after the other, and all others as usual. */
    void refuseTraces(Integer... statuses) {
        refusals.addAll(List.of(statuses));
    }

    /** Takes connections and answers nothing until {@link #wake}. */
    void hang() {
        open = new CountDownLatch(1);
    }

    void wake() {
        open.countDown();
    }

    boolean hangs() {
        return open.getCount() > 0;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = new GZIPInputStream(
                            new ByteArrayInputStream(exchange.getRequestBody().readAllBytes()))
                    .readAllBytes();
            open.await();
            String path = exchange.getRequestURI().getPath();
            MessageOrBuilder message = switch (path) {
                case "/api/default/v1/traces" -> ExportTraceServiceRequest.parseFrom(body);
                case "/api/default/v1/metrics" -> ExportMetricsServiceRequest.parseFrom(body);
                case "/api/default/v1/logs" -> ExportLogsServiceRequest.parseFrom(body);
                default -> throw new IOException("nobody takes " + path);
            };
            Integer refusal = path.endsWith("/traces") ? refusals.poll() : null;
            int status = refusal == null ? 200 : refusal;
            if (status == 503) {
                exchange.getResponseHeaders().set("Retry-After", "1");
            }
            received.add(new Received(path, Map.copyOf(exchange.getRequestHeaders()), message, status));
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything up to the first that is wanted, which is the last of them. */
    List<Received> await(Predicate<Received> wanted) throws InterruptedException {
        List<Received> all = new ArrayList<>();
        while (all.isEmpty() || !wanted.test(all.getLast())) {
            Received next = received.poll(30, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("it did not come; what came: " + all);
            }
            all.add(next);
        }
        return all;
    }

    /** All that has come and that nobody has asked for yet. */
    List<Received> rest() {
        List<Received> all = new ArrayList<>();
        received.drainTo(all);
        return all;
    }

    @Override
    public void close() {
        wake();
        http.stop(0);
        threads.shutdownNow();
    }
}
