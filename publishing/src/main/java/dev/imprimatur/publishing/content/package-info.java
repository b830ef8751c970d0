@NullMarked
package dev.imprimatur.publishing.content;

import org.jspecify.annotations.NullMarked;
