@NullMarked
package dev.imprimatur.migrations;

import org.jspecify.annotations.NullMarked;
