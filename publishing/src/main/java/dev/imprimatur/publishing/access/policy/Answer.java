package dev.imprimatur.publishing.access.policy;

/** What came back; {@code NONE} counts as a no. */
enum Answer {
    ALLOWED,
    DENIED,
    NONE
}
