package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What is to be rehearsed, and how.
 *
 * @param applied how many steps the database has already
 * @param first the index of the first step to rehearse; those between are only applied
 * @param end the index behind the last step
 * @param manner how it is done
 */
record Plan(Chain chain, int applied, int first, int end, Manner manner) {

    /**
     * How a rehearsal is done.
     *
     * @param rows how many a table is to have; with 0 none are made up
     * @param workload the queries of the code that runs meanwhile
     * @param alwaysOnCopies never in a transaction, though that were cheaper
     */
    record Manner(
            int rows,
            Workload workload,
            Optional<Path> prelude,
            Duration stepTimeout,
            boolean keepsGoing,
            boolean alwaysOnCopies,
            Watcher watcher) {}

    static Plan of(Chain chain, Optional<String> from, Optional<String> to, Manner manner) {
        return of(chain, 0, from, to, manner);
    }

    /**
     * @param applied how many steps the database has already, which cannot be rehearsed there again
     * @throws MigrationException {@link Reason#USAGE} when nothing is left to rehearse
     */
    static Plan of(Chain chain, int applied, Optional<String> from, Optional<String> to, Manner manner) {
        int first = from.map(name -> index(chain, name)).orElse(applied);
        if (applied > 0 && (first < applied || first >= chain.steps().size())) {
            throw new MigrationException(
                    Reason.USAGE,
                    "The database has applied every step up to %s, %s. Or rehearse without --url, from the first step."
                            .formatted(
                                    chain.steps().get(applied - 1).name(),
                                    first < applied
                                            ? "so that "
                                                    + chain.steps().get(first).name()
                                                    + " cannot be rehearsed forward there: leave --from away, or name a later step"
                                            : "and there is none behind it to rehearse"));
        }
        int end = to.map(name -> index(chain, name) + 1).orElse(chain.steps().size());
        if (first >= end && !chain.steps().isEmpty()) {
            throw new MigrationException(
                    Reason.USAGE,
                    "The last step to rehearse, %s, stands before the first, %s."
                            .formatted(to.orElse("the chain's last"), from.orElse("the chain's first")));
        }
        return new Plan(chain, applied, first, end, manner);
    }

    /** By its whole name, or by its number with or without leading zeros. */
    private static int index(Chain chain, String name) {
        List<ChainStep> steps = chain.steps();
        OptionalInt exact = IntStream.range(0, steps.size())
                .filter(i -> steps.get(i).name().equals(name))
                .findFirst();
        int[] numbered = IntStream.range(0, steps.size())
                .filter(i ->
                        !number(name).isEmpty() && number(steps.get(i).name()).equals(number(name)))
                .toArray();
        if (exact.isPresent()) {
            return exact.getAsInt();
        }
        if (numbered.length != 1) {
            throw new MigrationException(
                    Reason.USAGE,
                    "There is no step %s in %s; its steps go from %s to %s."
                            .formatted(
                                    name,
                                    chain.path(),
                                    steps.isEmpty()
                                            ? "nowhere"
                                            : steps.getFirst().name(),
                                    steps.isEmpty()
                                            ? "nowhere"
                                            : steps.getLast().name()));
        }
        return numbered[0];
    }

    private static String number(String name) {
        String digits = name.replaceFirst("^[Vv]?(\\d+).*", "$1");
        return digits.matches("\\d+") ? digits.replaceFirst("^0+(?=\\d)", "") : "";
    }

    int rows() {
        return manner.rows();
    }

    Workload workload() {
        return manner.workload();
    }

    Optional<Path> prelude() {
        return manner.prelude();
    }

    Duration stepTimeout() {
        return manner.stepTimeout();
    }

    boolean keepsGoing() {
        return manner.keepsGoing();
    }

    boolean alwaysOnCopies() {
        return manner.alwaysOnCopies();
    }

    Watcher watcher() {
        return manner.watcher();
    }

    /** This tool's version, as it was built. */
    String version() {
        String built = Plan.class.getPackage().getImplementationVersion();
        return built == null ? "unreleased" : built;
    }
}
