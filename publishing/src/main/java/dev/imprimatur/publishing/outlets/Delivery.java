package dev.imprimatur.publishing.outlets;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of a post, as far as we honestly know. */
public sealed interface Delivery {

    /** It is out. */
    record Accepted(String externalId, @Nullable URI url) implements Delivery {}

    /** It is not out, and may be tried again after that long. */
    record Deferred(Duration after, String why) implements Delivery {}

    /** It is not out, and trying again would not help. */
    record Refused(String why) implements Delivery {}

    /** It may be out or not: the answer was lost. */
    record Unknown(String why) implements Delivery {}
}
