package dev.imprimatur.migrations.workload;

import java.util.Set;

/** What the planner made of a query. */
public sealed interface Planning permits Planning.Planned, Refused, Untestable {

    /**
     * The server has a plan for it.
     *
     * @param cost the whole plan's, in the planner's units
     * @param shape its nodes in the order in which the server prints them, in one line
     * @param relations the bare names of those it reads or writes
     * @param writes whether it inserts, updates, deletes or merges
     */
    record Planned(double cost, String shape, Set<String> relations, boolean writes) implements Planning {
        public Planned {
            relations = Set.copyOf(relations);
        }
    }
}
