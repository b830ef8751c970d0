package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Phase;
import java.util.List;
import java.util.Optional;

/**
 * One migration of a chain.
 *
 * @param name as people call it: the files' common stem, or the folder
 * @param phase empty in layouts without phases: what it does then tells
 * @param change what it is about; in our own layout the migrations of one change share it, elsewhere it is the name
 * @param forward the way there; without statements when it could not be read
 * @param down the way back; empty when there is none, when nobody wrote a word into it, and when it cannot be read
 * @param unread what of it cannot be read; with any that stops, the step is never run, with others its forward part
 *     runs, which has no statement when the step is only named
 */
public record ChainStep(
        String name, Optional<Phase> phase, String change, Part forward, Optional<Part> down, List<Unread> unread) {

    public ChainStep {
        unread = List.copyOf(unread);
    }

    /** True when nothing of it is ever run, and those after it do not need it: it is told, so that nobody forgets it. */
    public boolean isOnlyNamed() {
        return !unread.isEmpty()
                && !stopsTheChain()
                && forward.statements().list().isEmpty();
    }

    /** True when those after it would meet a database without it. */
    public boolean stopsTheChain() {
        return unread.stream().anyMatch(Unread::stops);
    }
}
