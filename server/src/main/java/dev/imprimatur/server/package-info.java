@NullMarked
package dev.imprimatur.server;

import org.jspecify.annotations.NullMarked;
