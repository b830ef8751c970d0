/**
 * The rehearsal: each step of a chain runs forward, back and forward again on a copy with rows in it, and what came of it
 * is compared.
 */
@NullMarked
package dev.imprimatur.migrations.rehearse;

import org.jspecify.annotations.NullMarked;
