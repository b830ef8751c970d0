package dev.imprimatur.migrations;

import dev.imprimatur.migrations.History.Row;
import dev.imprimatur.migrations.History.State;
import dev.imprimatur.migrations.MigrationException.Reason;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a database in use asks of a migration before it is applied: that it was rehearsed, and of a contract that a
 * release was deployed which no longer needs what is dropped. A database without history asks nothing.
 *
 * @param unrehearsed why steps may be applied without a receipt; empty when they may not
 */
record Readiness(
        MigrationFolder folder,
        List<Row> history,
        List<Deploy> deploys,
        OldReaders readers,
        Optional<String> unrehearsed) {

    static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /**
     * The part of the plan that is ready.
     *
     * @throws MigrationException {@link Reason#UNREHEARSED}, naming every step that lacks its receipt
     */
    Plan of(Plan whole) {
        if (history.isEmpty()) {
            return whole;
        }
        List<Step> ready = new ArrayList<>();
        Optional<Plan.Waiting> waiting = Optional.empty();
        for (Step step : whole.steps()) {
            waiting =
                    missingDeploy(step).or(() -> lostReader(step)).map(why -> new Plan.Waiting(step.migration(), why));
            if (waiting.isPresent()) {
                break;
            }
            ready.add(step);
        }
        return new Plan(rehearsed(ready), waiting);
    }

    private Optional<String> missingDeploy(Step step) {
        Migration migration = step.migration();
        if (migration.phase() != Phase.CONTRACT || isBegun(migration)) {
            return Optional.empty();
        }
        return phaseBefore(migration).flatMap(before -> {
            Optional<Row> applied = row(before).filter(row -> row.state() == State.APPLIED);
            if (applied.isPresent() && deploys.stream().anyMatch(deploy -> deploy.isSince(applied.get()))) {
                return Optional.empty();
            }
            return Optional.of(
                    "%s waits for a deploy: none was recorded since %s was applied%s. Deploy the release that no longer needs what it drops, run `migrate deployed <version>`, then `migrate up`."
                            .formatted(
                                    migration.name(),
                                    before.name(),
                                    applied.flatMap(row -> row.run().appliedAt())
                                            .map(Readiness::bracketed)
                                            .orElse("")));
        });
    }

    /** Whoever says so must have deployed behind the phase before, and behind the rehearsal that found it. */
    private Optional<String> lostReader(Step step) {
        Migration migration = step.migration();
        if (migration.phase() != Phase.CONTRACT || isBegun(migration)) {
            return Optional.empty();
        }
        Instant applied = phaseBefore(migration)
                .flatMap(this::row)
                .flatMap(row -> row.run().appliedAt())
                .orElse(Instant.MIN);
        return readers.refusal(migration, deploys, applied);
    }

    private static String bracketed(Instant at) {
        return " (" + SECOND.format(at) + ")";
    }

    /**
     * The last step of the same change, or of any where the contract has none. Several contracts in a row were all made
     * possible by the one release that came before them.
     */
    private Optional<Migration> phaseBefore(Migration contract) {
        List<Migration> before = folder.migrations().stream()
                .filter(each -> each.number() < contract.number() && each.phase() != Phase.CONTRACT)
                .toList();
        return last(before.stream().filter(each -> each.change().equals(contract.change())))
                .or(() -> last(before.stream()));
    }

    private static Optional<Migration> last(Stream<Migration> migrations) {
        return migrations.reduce((earlier, later) -> later);
    }

    private List<Step> rehearsed(List<Step> steps) {
        Receipts receipts = Receipts.of(folder.path());
        if (!receipts.areKept()) {
            return steps;
        }
        List<String> refusals = new ArrayList<>();
        List<Step> admitted = new ArrayList<>();
        for (Step step : steps) {
            Optional<String> refusal =
                    isBegunAsItIs(step.migration()) ? Optional.empty() : receipts.refusal(step.migration());
            if (refusal.isPresent() && unrehearsed.isEmpty()) {
                refusals.add("\n  " + step.migration().name() + ": " + refusal.get());
            }
            admitted.add(refusal.isPresent() && unrehearsed.isPresent() ? step.unrehearsed(unrehearsed.get()) : step);
        }
        if (!refusals.isEmpty()) {
            throw new MigrationException(
                    Reason.UNREHEARSED,
                    "Not rehearsed as it is now:%s\nRun `migrate rehearse --record`, or say --unrehearsed \"why\" to apply it all the same."
                            .formatted(String.join("", refusals)));
        }
        return admitted;
    }

    private boolean isBegun(Migration migration) {
        return row(migration).isPresent();
    }

    /** What an interrupted step was admitted as still holds while its file is what it was. */
    private boolean isBegunAsItIs(Migration migration) {
        return row(migration)
                .filter(row -> row.checksum().equals(migration.forward().checksum()))
                .isPresent();
    }

    private Optional<Row> row(Migration migration) {
        return history.stream()
                .filter(row -> row.number() == migration.number())
                .findFirst();
    }
}
