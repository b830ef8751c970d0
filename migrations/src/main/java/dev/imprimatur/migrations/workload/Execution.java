package dev.imprimatur.migrations.workload;

import java.util.List;

/** What came of running a write. */
public sealed interface Execution permits Execution.Ran, Execution.NotRun, Refused, Untestable {

    /**
     * It ran, and was rolled back.
     *
     * @param parameters what stood for {@code $1}, {@code $2}, … as SQL literals
     * @param rows how many it wrote, those of its triggers in the same tables included; 0 proves little
     */
    record Ran(List<String> parameters, long rows) implements Execution {
        public Ran {
            parameters = List.copyOf(parameters);
        }
    }

    /** It writes nothing, or did not even plan. */
    record NotRun() implements Execution {}
}
