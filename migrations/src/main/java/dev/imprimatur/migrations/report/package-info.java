/** What came of a rehearsal, written for people and for the tools that they use: one file per format. */
@NullMarked
package dev.imprimatur.migrations.report;

import org.jspecify.annotations.NullMarked;
