package dev.imprimatur.server.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/**
 * What a fuzzer calls with its inputs: each becomes a request, and every answer must be one that the document promises,
 * none of them our fault, none late, and nothing in the log that a bearer holds.
 */
public final class RouteFuzz {
    private static final Queue<String> FAULTS = new ConcurrentLinkedQueue<>();
    private static final List<String> TOKENS = new ArrayList<>();
    private static final List<String> IDS = new ArrayList<>(List.of("00000000-0000-4000-8000-000000000000"));
    private static final String NOBODY = "imp_nobody";

    private static final class Once {
        private static final TestServer SERVER = start();
    }

    private RouteFuzz() {}

    /** Called by the fuzzer, once. */
    public static void fuzzerInitialize() {
        watchTheLog();
        Once.SERVER.url();
    }

    private static TestServer start() {
        TestServer server = TestServer.start();
        TOKENS.add(server.token(Role.values()));
        TOKENS.add(server.token(TokenKind.AGENT, Role.OPERATOR));
        TOKENS.add(server.token(Role.VIEWER));
        String id = server.post(
                        "/api/content", TOKENS.getFirst(), "{\"title\":\"t\",\"body\":\"b\",\"outlets\":[\"feed\"]}")
                .text("/id");
        IDS.add(id);
        server.post("/api/content/" + id + "/submission", TOKENS.getFirst(), "");
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
    }

    /** Called by the fuzzer, for each input. */
    public static void fuzzerTestOneInput(FuzzedDataProvider data) {
        String token = data.consumeInt(0, 9) == 0 ? NOBODY : data.pickValue(TOKENS);
        FuzzedRequest request = FuzzedRequest.of(data, IDS);
        Answer answer;
        try {
            answer = Once.SERVER.send(
                    request.operation().method(),
                    request.path(),
                    token,
                    BodyPublishers.ofString(request.body()),
                    request.headers().toArray(String[]::new));
        } catch (IllegalArgumentException noClientSendsThat) {
            return;
        }
        if (answer.status() >= 500) {
            throw new AssertionError(request + " was answered by " + answer.status() + ": " + answer.body());
        }
        if (answer.status() == 201 && !answer.text("/id").isEmpty() && IDS.size() < 100) {
            IDS.add(answer.text("/id"));
        }
        String fault = FAULTS.poll();
        if (fault != null) {
            throw new AssertionError(request + " left in the log: " + fault);
        }
    }

    private static void watchTheLog() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        AppenderBase<ILoggingEvent> watching = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                String line = event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy());
                if (event.getLevel().isGreaterOrEqual(Level.ERROR)
                        || TOKENS.stream().anyMatch(line::contains)) {
                    FAULTS.add(line);
                }
            }
        };
        watching.setContext(root.getLoggerContext());
        watching.start();
        root.addAppender(watching);
    }
}
