/**
 * Who may do what. The rules are the files under {@code infra/cerbos/policies} and stand nowhere else; this package reads
 * and evaluates them, or has a Cerbos do so.
 */
@NullMarked
package dev.imprimatur.publishing.access.policy;

import org.jspecify.annotations.NullMarked;
