package dev.imprimatur.migrations.layout;

import java.nio.file.Path;

/**
 * Something in a chain that cannot be read, or not without the tool that it was written for.
 *
 * @param line counted from 1; 1 when it is the file as a whole
 * @param problem what it is, without a full stop
 * @param remedy what to do about it, without a full stop
 * @param stops true when those behind it cannot be run without it
 */
public record Unread(Path file, int line, String problem, String remedy, boolean stops) {}
