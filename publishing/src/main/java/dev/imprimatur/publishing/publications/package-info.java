@NullMarked
package dev.imprimatur.publishing.publications;

import org.jspecify.annotations.NullMarked;
