/**
 * The catalog as data, and the effects between two states of it.
 *
 * <p>A {@link dev.imprimatur.migrations.snapshot.Snapshot} is everything in a database that a migration can change, but
 * for rows and roles. It holds names and definitions, never OIDs, so that two states compare that came about in different
 * ways.
 */
@NullMarked
package dev.imprimatur.migrations.snapshot;

import org.jspecify.annotations.NullMarked;
