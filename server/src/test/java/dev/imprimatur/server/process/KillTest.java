package dev.imprimatur.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the server at any point of the demo's path, then a restart: nothing published twice, nothing lost. The
 * number of kills is the property {@code imprimatur.kills}; {@code imprimatur.seed} chooses the same points again, as
 * far as two runs take the same time.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("imprimatur.kills", 5);
    private static final long SEED = Long.getLong("imprimatur.seed", System.nanoTime());
    private static final int KILLS_PER_FOLDER = 17;
    private static final int KILLS_BETWEEN_RESTARTS = 5;
    private static final int NEW_POSTS = 3;

    private final Random random = new Random(SEED);
    private final List<String> told = new ArrayList<>();

    /** When to kill: some time after the start, or after a line was said for the n-th time. */
    private record Moment(@Nullable String line, int times, Duration after, boolean withDatabase) {
        @Override
        public String toString() {
            return "%.1f ms after %s%s"
                    .formatted(
                            after.toNanos() / 1e6,
                            line == null ? "its start" : "'%s' %d".formatted(line, times),
                            withDatabase ? ", with its PostgreSQL" : "");
        }
    }

    @Test
    @Timeout(900)
    void nothingIsPublishedTwiceAndNothingIsLost(@TempDir Path folder) throws Exception {
        System.out.printf("%d kills, -Dimprimatur.seed=%d%n", KILLS, SEED);
        try {
            for (int killed = 0; killed < KILLS; killed += KILLS_PER_FOLDER) {
                try (Installation installation = new Installation(folder.resolve("after " + killed))) {
                    killOften(installation, Math.min(KILLS_PER_FOLDER, KILLS - killed));
                    assertThat(installation.servers()).isEmpty();
                }
            }
        } catch (Throwable e) {
            System.out.printf("seed %d, so far: %s%n", SEED, told);
            throw e;
        }
        System.out.println(String.join("\n", told));
    }

    private void killOften(Installation installation, int kills) throws IOException {
        List<String> titles = new ArrayList<>();
        for (int kill = 1; kill <= kills; kill++) {
            for (int post = 0; post < NEW_POSTS; post++) {
                String title = "Post " + (titles.size() + 1);
                installation.write(title);
                titles.add(title);
            }
            Moment moment = kill == 1 ? startingAfresh() : during(kill);
            told.add(moment.toString());
            kill(installation, moment);
            if (kill % KILLS_BETWEEN_RESTARTS == 0 || kill == kills) {
                finish(installation);
            }
        }
        Books books = Books.of(installation);
        books.assertComplete(titles);
        told.add(books.summary());
    }

    private void kill(Installation installation, Moment moment) {
        try (Program demo = installation.demo("--exit")) {
            boolean reached = moment.line() == null || demo.awaitLine(moment.line(), moment.times()) != null;
            assertThat(reached).as("%s: %s", moment, demo.said()).isTrue();
            LockSupport.parkNanos(moment.after().toNanos());
            if (moment.withDatabase()) {
                demo.killAll();
            } else {
                demo.kill();
            }
        }
    }

    /** What was killed is started again, and brings every post out. */
    private static void finish(Installation installation) throws IOException {
        try (Program demo = installation.demo("--exit")) {
            assertThat(demo.exitCode()).as(demo.said()).isZero();
        }
        installation.withdrawPosts();
    }

    /** While programs are unpacked, the database is made, and migrations run. */
    private Moment startingAfresh() {
        return new Moment(null, 0, upTo(5_000), random.nextBoolean());
    }

    /** In turns, so that few kills already meet every step; most where a post is claimed, sent and written down. */
    private Moment during(int kill) {
        boolean withDatabase = random.nextInt(3) == 0;
        return switch (kill % KILLS_BETWEEN_RESTARTS) {
            case 1 -> new Moment(null, 0, upTo(2_500), withDatabase);
            case 2 ->
                switch (random.nextInt(4)) {
                    case 0 -> new Moment("serving", 1, upTo(20), withDatabase);
                    case 1 -> new Moment("three people", 1, upTo(300), withDatabase);
                    default -> new Moment("olga proposes", anyPost(), upTo(40), withDatabase);
                };
            case 3 -> new Moment("anna approves", anyPost(), upTo(40), withDatabase);
            default ->
                random.nextInt(8) == 0
                        ? new Moment("in the feed", 1, upTo(100), withDatabase)
                        : new Moment("olga publishes", anyPost(), upTo(8), withDatabase);
        };
    }

    private int anyPost() {
        return 1 + random.nextInt(NEW_POSTS);
    }

    private Duration upTo(int milliseconds) {
        return Duration.ofNanos(random.nextLong(milliseconds * 1_000_000L));
    }
}
