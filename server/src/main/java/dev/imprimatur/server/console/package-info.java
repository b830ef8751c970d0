@NullMarked
package dev.imprimatur.server.console;

import org.jspecify.annotations.NullMarked;
