package dev.imprimatur.publishing.outlets;

import java.util.UUID;

/**
 * An approved payload on its way.
 *
 * @param key the same in each attempt at one publication
 * @param subject the content's id, the same for all its revisions
 * @param revision 1 or more; a higher one was written later
 * @param payload what {@link Outlet#render} returned and people approved
 */
public record Post(UUID key, UUID subject, int revision, String payload) {}
