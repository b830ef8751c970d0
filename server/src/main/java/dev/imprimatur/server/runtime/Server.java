package dev.imprimatur.server.runtime;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.CsrfTokens;
import dev.imprimatur.publishing.access.Keys;
import dev.imprimatur.publishing.access.policy.Policies;
import dev.imprimatur.publishing.access.policy.Policy;
import dev.imprimatur.publishing.database.Database;
import dev.imprimatur.publishing.outlets.FeedDocuments;
import dev.imprimatur.publishing.outlets.FeedSettings;
import dev.imprimatur.publishing.publications.Dispatcher;
import dev.imprimatur.server.api.Readiness;
import dev.imprimatur.server.settings.RateLimitSettings;
import dev.imprimatur.server.settings.Settings;
import dev.imprimatur.server.settings.SingleSignOn;
import dev.imprimatur.server.settings.TrustedProxies;
import dev.imprimatur.server.telemetry.Telemetry;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** One running server: its database, its HTTP, its dispatcher; all of it ends with {@link #close}. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final CompletableFuture<Store> store;
    private final ConfigurableApplicationContext context;
    private final URI url;
    private final int port;

    private Server(CompletableFuture<Store> store, ConfigurableApplicationContext context, URI url, int port) {
        this.store = store;
        this.context = context;
        this.url = url;
        this.port = port;
    }

    /**
     * Starts; the database comes up beside the framework, and HTTP opens only when both are ready.
     *
     * @throws RefusedException CANNOT_START and the reasons of {@link Store#open}
     */
    public static Server start(Settings settings, Store.Migrate migrate) {
        Optional<Keys> given = ServerKeys.given(settings);
        int port = settings.port() == 0 ? freePort(settings) : settings.port();
        URI url = settings.publicUrl(port);
        CompletableFuture<Store> store = new CompletableFuture<>();
        LOG.debug("starting at {}", url);
        warnWhenNobodyCanLogIn(url);
        Thread.ofPlatform().name("store").start(() -> {
            try {
                store.complete(Store.open(settings, migrate));
            } catch (Throwable e) {
                store.completeExceptionally(e);
            }
        });
        try {
            return new Server(
                    store,
                    run(
                            settings,
                            port,
                            url,
                            store,
                            store.thenApply(open -> given.orElseGet(() -> ServerKeys.ofFolder(settings.data())))),
                    url,
                    port);
        } catch (RuntimeException e) {
            throw failure(e, store, settings, port);
        }
    }

    /** Browsers keep our cookies from plain http, except on the machine that they run on. */
    private static void warnWhenNobodyCanLogIn(URI url) {
        String host = url.getHost().toLowerCase(Locale.ROOT);
        boolean local = host.equals("localhost")
                || host.endsWith(".localhost")
                || host.matches("127(\\.[0-9]{1,3}){3}")
                || host.equals("[::1]");
        if ("http".equals(url.getScheme()) && !local) {
            LOG.warn(
                    "nobody can log in at {}: browsers take our cookies over https alone. Put a proxy with TLS in front"
                            + " and set IMPRIMATUR_PUBLIC_URL=https://… (docs/guides/behind-a-reverse-proxy.md);"
                            + " tokens work as ever",
                    url);
        }
    }

    /** Where people reach it. */
    public URI url() {
        return url;
    }

    /** Every method and path that a handler answers, for the test that compares them with the API's description. */
    List<String> routes() {
        return context
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .stream()
                .flatMap(mapping -> mapping.getMethodsCondition().getMethods().stream()
                        .flatMap(method -> mapping.getPatternValues().stream().map(path -> method + " " + path)))
                .toList();
    }

    /** Where it listens, whatever stands in front of it. */
    int port() {
        return port;
    }

    public Jdbi jdbi() {
        return store.join().jdbi();
    }

    /** Takes no more requests, ends those that run, lets deliveries end, and stops the database if it is ours. */
    @Override
    public void close() {
        try {
            context.close();
        } finally {
            store.join().close();
        }
    }

    private static ConfigurableApplicationContext run(
            Settings settings, int port, URI url, CompletableFuture<Store> store, CompletableFuture<Keys> keys) {
        SpringApplication application = new SpringApplicationBuilder(Wiring.class)
                .web(WebApplicationType.SERVLET)
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .logStartupInfo(false)
                .properties(Map.of(
                        "server.address", settings.bind().getHostAddress(),
                        "server.port", port,
                        "server.shutdown", "graceful",
                        "server.tomcat.max-keep-alive-requests", -1,
                        "server.error.whitelabel.enabled", false,
                        "spring.threads.virtual.enabled", true,
                        "spring.web.resources.add-mappings", true,
                        "spring.servlet.multipart.enabled", false,
                        "spring.jmx.enabled", false))
                .properties(Telemetry.properties(settings.telemetry()))
                .initializers(context -> register((GenericApplicationContext) context, settings, url, store, keys))
                .build();
        return application.run();
    }

    private static void register(
            GenericApplicationContext context,
            Settings settings,
            URI url,
            CompletableFuture<Store> store,
            CompletableFuture<Keys> keys) {
        context.registerBean(Jdbi.class, () -> Database.jdbi(() -> store.join().connection()));
        context.registerBean(URI.class, () -> url);
        context.registerBean(SingleSignOn.class, settings::singleSignOn);
        context.registerBean(ServerKeys.class, () -> new ServerKeys(keys));
        context.registerBean(RateLimitSettings.class, settings::rateLimits);
        context.registerBean(
                Readiness.class, () -> new Readiness(() -> store.join().checkReady()));
        if (settings.telemetry().endpoint().isPresent()) {
            context.registerBean(Telemetry.class);
        }
        context.registerBean(TrustedProxies.class, settings::proxies);
        context.registerBean(CsrfTokens.class, () -> new CsrfTokens(new ServerKeys(keys)));
        context.registerBean(WebFolder.class, WebFolder::new);
        context.registerBean(WebBounds.class, WebBounds::new);
        CompletableFuture<Policies> policies = policies();
        context.registerBean(Policy.class, () -> Policy.of(policies.join(), settings.cerbos()));
        context.registerBean(Opening.class, () -> new Opening(store, keys, context.getBean(Dispatcher.class)));
        // Made at the first request, because it takes an id out of the database.
        context.registerBean(
                FeedDocuments.class,
                () -> feed(store.join(), url, settings),
                definition -> definition.setLazyInit(true));
    }

    /** To compile their conditions takes a moment, which the database needs too. */
    private static CompletableFuture<Policies> policies() {
        return CompletableFuture.supplyAsync(
                () -> Policies.load(Home.path("infra", "cerbos", "policies")),
                loading -> Thread.ofPlatform().name("policies").start(loading));
    }

    private static FeedDocuments feed(Store store, URI url, Settings settings) {
        Settings.FeedSettings feed = settings.feed();
        return new FeedDocuments(
                store.jdbi(), new FeedSettings(store.installation(), url, feed.title(), feed.author()));
    }

    /** Waits for the database before HTTP opens, and starts to dispatch. */
    private static final class Opening implements SmartLifecycle {
        private final CompletableFuture<Store> store;
        private final CompletableFuture<Keys> keys;
        private final Dispatcher dispatcher;
        private volatile boolean running;

        Opening(CompletableFuture<Store> store, CompletableFuture<Keys> keys, Dispatcher dispatcher) {
            this.store = store;
            this.keys = keys;
            this.dispatcher = dispatcher;
        }

        @Override
        public void start() {
            keys.join();
            dispatcher.start(store.join().isAlone() ? Dispatcher.Alone.YES : Dispatcher.Alone.NO);
            running = true;
        }

        @Override
        public void stop() {
            dispatcher.close();
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        /** Long before the web server, which begins last and ends first. */
        @Override
        public int getPhase() {
            return 0;
        }
    }

    private static RuntimeException failure(
            RuntimeException e, CompletableFuture<Store> store, Settings settings, int port) {
        RuntimeException failure = e;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PortInUseException) {
                failure = new RefusedException(
                        ErrorCode.CANNOT_START,
                        "port %d is in use; stop what listens there, or choose another with --port".formatted(port),
                        e);
                break;
            }
            if (cause instanceof BindException bind) {
                failure = unlistenable(settings, port, bind);
                break;
            }
            if (cause instanceof RefusedException refused) {
                failure = refused;
                break;
            }
        }
        try {
            store.join().close();
        } catch (CompletionException none) {
            failure.addSuppressed(none);
        }
        return failure;
    }

    private static int freePort(Settings settings) {
        try (ServerSocket socket = new ServerSocket(0, 1, settings.bind())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw unlistenable(settings, 0, e);
        }
    }

    private static RefusedException unlistenable(Settings settings, int port, IOException e) {
        return new RefusedException(
                ErrorCode.CANNOT_START,
                "cannot listen on %s, port %d: %s; choose others with --bind and --port"
                        .formatted(settings.bind().getHostAddress(), port, e.getMessage()),
                e);
    }
}
