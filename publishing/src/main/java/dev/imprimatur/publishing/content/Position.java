package dev.imprimatur.publishing.content;

import java.time.Instant;
import java.util.UUID;

/** A row's place in a list that shows the newest first. */
public record Position(Instant createdAt, UUID id) {}
