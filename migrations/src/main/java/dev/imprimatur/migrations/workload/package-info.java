/** The queries that running code sends: whether they still plan, whether its writes still run, and what they cost. */
@NullMarked
package dev.imprimatur.migrations.workload;

import org.jspecify.annotations.NullMarked;
