@NullMarked
package dev.imprimatur.server.fuzz;

import org.jspecify.annotations.NullMarked;
