@NullMarked
package dev.imprimatur.server.process;

import org.jspecify.annotations.NullMarked;
