@NullMarked
package dev.imprimatur.bench;

import org.jspecify.annotations.NullMarked;
