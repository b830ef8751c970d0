package dev.imprimatur.publishing.access;

import java.time.Duration;
import java.time.Instant;

/**
 * What a {@link RateLimitStore} says to one call.
 *
 * @param granted whether it may go on
 * @param left how many more would be granted at this instant
 * @param nextIn until the oldest call that counts is too old to count: then one more than {@code left} is granted
 * @param at when this was decided, by the store's own clock
 */
public record Allowance(boolean granted, int left, Duration nextIn, Instant at) {}
