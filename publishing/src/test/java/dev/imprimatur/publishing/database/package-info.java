/** Where the rows live: connection pools, and a PostgreSQL of our own for those who bring none. */
@NullMarked
package dev.imprimatur.publishing.database;

import org.jspecify.annotations.NullMarked;
