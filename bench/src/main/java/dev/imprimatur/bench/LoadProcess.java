package dev.imprimatur.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.Manuscript;
import dev.imprimatur.publishing.database.Database;
import dev.imprimatur.publishing.database.LocalPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/**
 * One side's load in a process of its own, so that its processor time is told apart from the server's. Reads the token,
 * then a line of connections and milliseconds for each round, and answers each with a line of what came out.
 */
@Command(name = "load", hidden = true)
final class LoadProcess implements Callable<Integer> {
    @Option(names = "--data", required = true)
    Path data = Path.of(".");

    @Option(names = "--target", description = "Whose API is asked.")
    Target target = Target.IMPRIMATUR;

    @Option(names = "--server", description = "Where the API is; without it the load goes to the database.")
    List<URI> servers = List.of();

    @Override
    public Integer call() throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        try (Load load = load(in.readLine())) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", -1);
                long before = system.getProcessCpuTime();
                Load.Round round = load.run(Integer.parseInt(words[0]), Duration.ofMillis(Long.parseLong(words[1])));
                System.out.println(new Said(round, Duration.ofNanos(system.getProcessCpuTime() - before)));
            }
        }
        return 0;
    }

    private Load load(String token) throws IOException {
        if (!servers.isEmpty()) {
            return new HttpLoad(target, servers, token, Example.read().json());
        }
        LocalPostgres postgres = LocalPostgres.connectOrStart(data);
        Example example = Example.read();
        return new JdbcLoad(
                postgres.appUrl()::connect,
                new ApiTokens(Database.jdbi(postgres.appUrl()::connect))
                        .principal(token)
                        .orElseThrow(),
                example.manuscript(),
                example.plan());
    }

    /** The content that is created again and again. */
    record Example(Manuscript manuscript, Content.Plan plan) {
        static Example read() throws IOException {
            String body = Files.readString(
                    Path.of(System.getProperty("imprimatur.home", "."), "docs", "examples", "four-eyes.md"));
            return new Example(
                    new Manuscript("Four eyes see more than two", body, "https://example.org/", "en", new TreeMap<>()),
                    new Content.Plan(List.of("feed"), null));
        }

        byte[] json() {
            return JsonMapper.shared()
                    .writeValueAsBytes(Map.of(
                            "title", manuscript.title(),
                            "body", manuscript.body(),
                            "link", String.valueOf(manuscript.link()),
                            "lang", manuscript.lang(),
                            "outlets", plan.outlets()));
        }
    }

    /** A round as it is told to the process that compares. */
    record Said(Load.Round round, Duration processor) {
        static Said parse(String line) {
            long[] numbers = Arrays.stream(line.split(" ", -1))
                    .mapToLong(Long::parseLong)
                    .toArray();
            return new Said(
                    new Load.Round(
                            numbers[0],
                            Duration.ofNanos(numbers[1]),
                            Duration.ofNanos(numbers[2]),
                            Duration.ofNanos(numbers[3])),
                    Duration.ofNanos(numbers[4]));
        }

        @Override
        public String toString() {
            return round.creates() + " " + round.elapsed().toNanos() + " "
                    + round.median().toNanos() + " " + round.slowest().toNanos() + " " + processor.toNanos();
        }
    }
}
