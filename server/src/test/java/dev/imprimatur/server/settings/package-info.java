@NullMarked
package dev.imprimatur.server.settings;

import org.jspecify.annotations.NullMarked;
