@NullMarked
package dev.imprimatur.publishing.outlets;

import org.jspecify.annotations.NullMarked;
