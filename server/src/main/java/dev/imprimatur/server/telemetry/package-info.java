@NullMarked
package dev.imprimatur.server.telemetry;

import org.jspecify.annotations.NullMarked;
