/** What a decision of the policy costs, by JMH. */
@NullMarked
package dev.imprimatur.bench.decide;

import org.jspecify.annotations.NullMarked;
