@NullMarked
package dev.imprimatur.server.runtime;

import org.jspecify.annotations.NullMarked;
