@NullMarked
package dev.imprimatur.publishing.access;

import org.jspecify.annotations.NullMarked;
