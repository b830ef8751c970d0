/** What failed, as the beginning of a post-mortem. */
@NullMarked
package dev.imprimatur.migrations.incident;

import org.jspecify.annotations.NullMarked;
