@NullMarked
package dev.imprimatur.server.contract;

import org.jspecify.annotations.NullMarked;
