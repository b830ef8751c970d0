package dev.imprimatur.publishing;

/**
 * One fault of a request.
 *
 * @param pointer where it stands, as an RFC 6901 JSON pointer ({@code /publish_at}); empty for the whole request
 * @param detail what is wrong and what to write instead
 */
public record FieldError(String pointer, String detail) {}
