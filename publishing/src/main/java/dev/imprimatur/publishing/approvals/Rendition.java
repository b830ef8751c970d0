package dev.imprimatur.publishing.approvals;

/** The exact payload that one outlet would get of one revision, and its hash: this is what people approve. */
public record Rendition(String outlet, int revision, String sha256, String payload) {}
