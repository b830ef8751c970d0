@NullMarked
package dev.imprimatur.publishing;

import org.jspecify.annotations.NullMarked;
