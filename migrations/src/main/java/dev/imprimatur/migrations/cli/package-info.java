/** The command {@code migrate}: one class per subcommand. */
@NullMarked
package dev.imprimatur.migrations.cli;

import org.jspecify.annotations.NullMarked;
