package dev.imprimatur.publishing.outlets;

import dev.imprimatur.publishing.content.Manuscript;

/** A place where posts appear. */
public interface Outlet {
    /** Permanent, and unique among all outlets. */
    String name();

    /**
     * The exact payload that would be sent, the same each time: the SHA-256 of its UTF-8 bytes is what people approve.
     *
     * @throws dev.imprimatur.publishing.RefusedException if this outlet cannot carry the manuscript
     */
    String render(Manuscript manuscript);

    /** Sends an approved payload. Called outside of any transaction, and maybe again with an equal post. */
    Delivery deliver(Post post);

    /** What may follow when nobody knows whether a post arrived. */
    AfterUnknown afterUnknown();

    /** Not a matter of hope, but of what the outlet's protocol can do. */
    enum AfterUnknown {
        /** The same post again is a no-op. */
        REPEAT,
        /** Only a person can tell, and nothing is sent again by itself. */
        ASK
    }
}
