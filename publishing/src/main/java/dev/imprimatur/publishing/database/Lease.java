package dev.imprimatur.publishing.database;

/** What the process that started the server holds, and gives back once: the server first, then the folder. */
final class Lease {
    private final FolderLock lock;
    private final Postmaster postmaster;
    private boolean ended;

    Lease(FolderLock lock, Postmaster postmaster) {
        this.lock = lock;
        this.postmaster = postmaster;
    }

    synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        try (lock) {
            postmaster.stop();
        }
    }
}
