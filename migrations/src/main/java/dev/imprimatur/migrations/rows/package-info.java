/** Rows: exact digests of what a table holds, and rows made up for tables that hold none. */
@NullMarked
package dev.imprimatur.migrations.rows;

import org.jspecify.annotations.NullMarked;
