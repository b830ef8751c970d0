@NullMarked
package dev.imprimatur.publishing.approvals;

import org.jspecify.annotations.NullMarked;
