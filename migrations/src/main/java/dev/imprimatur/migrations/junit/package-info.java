/**
 * The rehearsal as JUnit tests. Needs {@code junit-jupiter-api} on the class path, from 5.9; nothing else of this library
 * does.
 */
@NullMarked
package dev.imprimatur.migrations.junit;

import org.jspecify.annotations.NullMarked;
