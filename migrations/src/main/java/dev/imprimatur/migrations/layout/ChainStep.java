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
 * @param down the way back, if there is one
 * @param unread what of it cannot be read; a step with any is never run
 */
public record ChainStep(
        String name, Optional<Phase> phase, String change, Part forward, Optional<Part> down, List<Unread> unread) {

    public ChainStep {
        unread = List.copyOf(unread);
    }

    /** True when those after it would meet a database without it. */
    public boolean stopsTheChain() {
        return unread.stream().anyMatch(Unread::stops);
    }
}
