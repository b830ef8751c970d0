/**
 * Chains of migrations as the tools of the field write them: whose files these are, in which order they run, and what
 * their own runner does with them.
 */
@NullMarked
package dev.imprimatur.migrations.layout;

import org.jspecify.annotations.NullMarked;
