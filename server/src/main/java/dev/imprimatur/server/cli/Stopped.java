package dev.imprimatur.server.cli;

import java.util.concurrent.CountDownLatch;

/** Waits for SIGTERM or Ctrl-C, and closes what runs before the process ends. */
final class Stopped {
    private final CountDownLatch closed = new CountDownLatch(1);

    Stopped(AutoCloseable running) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            try {
                running.close();
            } catch (Exception e) {
                throw new IllegalStateException("not everything could be stopped", e);
            } finally {
                closed.countDown();
            }
        }));
    }

    int await() throws InterruptedException {
        closed.await();
        return 0;
    }
}
