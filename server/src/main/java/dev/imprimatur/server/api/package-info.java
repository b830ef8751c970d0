@NullMarked
package dev.imprimatur.server.api;

import org.jspecify.annotations.NullMarked;
