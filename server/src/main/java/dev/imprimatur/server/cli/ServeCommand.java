package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.access.OneTimeLinks;
import dev.imprimatur.publishing.access.Passwords;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.server.runtime.Server;
import dev.imprimatur.server.runtime.Store;
import dev.imprimatur.server.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "serve", description = "Serve the API and the feed, and send what is due, until stopped.")
final class ServeCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    StoreOptions store = new StoreOptions();

    @Option(names = "--port", paramLabel = "N", description = "The port to listen on (8080); 0 for any free one.")
    @Nullable
    String port;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "The address to listen on (127.0.0.1).")
    @Nullable
    String bind;

    @Option(names = "--migrate", description = "Bring the schema of DATABASE_URL forward first, if it is behind.")
    boolean migrate;

    ServeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> said = new HashMap<>();
        if (port != null) {
            said.put("port", port);
        }
        if (bind != null) {
            said.put("bind", bind);
        }
        Settings settings = store.settings(surroundings, said);
        Stopped stopped = new Stopped(() -> {});
        Server server = stopped.starting(
                () -> Server.start(settings, migrate ? Store.Migrate.ALWAYS : Store.Migrate.WHEN_EMBEDDED));
        surroundings.out().println("Imprimatur serves at " + server.url());
        surroundings.out().println("the feed is " + server.url() + "/feed.xml");
        if (new People(server.jdbi()).nobody()) {
            String secret = new OneTimeLinks(server.jdbi(), new Passwords(server.jdbi())).forTheFirst();
            surroundings.out().println("nobody may use it yet; make the first account, once, within a day:");
            surroundings.out().println("  " + server.url() + "/link/" + secret);
            surroundings.out().println("or here: imprimatur user add NAME --role operator");
        }
        return stopped.await();
    }
}
