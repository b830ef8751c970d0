@NullMarked
package dev.imprimatur.publishing.access.policy;

import org.jspecify.annotations.NullMarked;
