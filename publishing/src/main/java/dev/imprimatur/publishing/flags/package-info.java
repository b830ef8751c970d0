@NullMarked
package dev.imprimatur.publishing.flags;

import org.jspecify.annotations.NullMarked;
