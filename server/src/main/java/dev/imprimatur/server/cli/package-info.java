@NullMarked
package dev.imprimatur.server.cli;

import org.jspecify.annotations.NullMarked;
