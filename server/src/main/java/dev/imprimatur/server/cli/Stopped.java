package dev.imprimatur.server.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * Closes what runs before SIGTERM or Ctrl-C ends the process, also when they come while it still starts: a database
 * that was just started would outlive us.
 */
final class Stopped {
    private final CompletableFuture<AutoCloseable> started = new CompletableFuture<>();
    private final CountDownLatch told = new CountDownLatch(1);

    /** @param afterwards what is left to do once nothing runs any more, or if it never came to run */
    Stopped(AutoCloseable afterwards) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            told.countDown();
            try {
                try {
                    started.join().close();
                } finally {
                    afterwards.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException("not everything could be stopped", e);
            }
        }));
    }

    <T extends AutoCloseable> T starting(Supplier<T> start) {
        try {
            T running = start.get();
            started.complete(running);
            return running;
        } finally {
            started.complete(() -> {});
        }
    }

    /** Does not return before the process is told to end, and then it ends with the signal's exit code: 143 or 130. */
    int await() throws InterruptedException {
        told.await();
        return 0;
    }
}
