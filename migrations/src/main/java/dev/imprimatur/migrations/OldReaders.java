package dev.imprimatur.migrations;

import dev.imprimatur.migrations.CallCounts.Count;
import dev.imprimatur.migrations.Objection.Lost;
import dev.imprimatur.migrations.Sightings.Sighting;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether old code still sends what a contract breaks. What that is, a rehearsal has found, on a copy; the live database
 * is only asked who was sent it since the last deploy, which takes no lock.
 *
 * @param contracts those that there is an objection against
 */
record OldReaders(
        Objections objections, List<Migration> contracts, CallCounts calls, List<Sighting> sightings, String role) {

    static OldReaders of(MigrationFolder folder, Connection connection) throws SQLException {
        Objections objections = Objections.of(folder.path());
        List<Migration> contracts = folder.migrations().stream()
                .filter(migration -> migration.phase() == Phase.CONTRACT)
                .filter(migration -> Files.exists(objections.file(migration.name())))
                .toList();
        return contracts.isEmpty()
                ? new OldReaders(objections, contracts, CallCounts.UNKNOWN, List.of(), "")
                : new OldReaders(
                        objections,
                        contracts,
                        CallCounts.read(connection),
                        new Sightings(connection).rows(),
                        connection.getMetaData().getUserName());
    }

    /**
     * Why the migration cannot be applied yet, in one line; empty when nothing speaks against it.
     *
     * @param applied when the phase before it was
     * @throws MigrationException when what stands against it cannot be read
     */
    Optional<String> refusal(Migration migration, List<Deploy> deploys, Instant applied) {
        if (!contracts.contains(migration)) {
            return Optional.empty();
        }
        return objections
                .read(migration)
                .filter(objection -> !objection.queries().isEmpty())
                .flatMap(objection -> refusal(migration, objection, deploys, applied));
    }

    private Optional<String> refusal(Migration migration, Objection objection, List<Deploy> deploys, Instant applied) {
        Optional<Sighting> last = Stream.concat(
                        deploys.stream().map(deploy -> new Sighting(deploy.version(), deploy.at(), deploy.by())),
                        sightings.stream())
                .filter(seen -> !seen.at().isBefore(applied) && !seen.at().isBefore(objection.at()))
                .reduce((one, other) -> one.at().isAfter(other.at()) ? one : other);
        if (last.isEmpty()) {
            return Optional.of(
                    "%s waits for a deploy: its rehearsal (%s) found that %s. Deploy the release that does not send %s, run `migrate deployed <version>`, then `migrate up`."
                            .formatted(
                                    migration.name(),
                                    Readiness.SECOND.format(objection.at()),
                                    whatFails(objection),
                                    objection.queries().size() == 1 ? "it" : "them"));
        }
        if (calls.hidden() > 0) {
            return Optional.of(
                    "%s waits: its rehearsal found that %s, and whether that is still sent cannot be seen by the role %s. Run `GRANT pg_read_all_stats TO %s`, then `migrate up`."
                            .formatted(migration.name(), whatFails(objection), role, role));
        }
        return objection.queries().stream()
                .flatMap(lost -> sent(lost, last.get()).stream())
                .findFirst()
                .map(
                        sent -> migration.name() + " waits: " + sent
                                + " Deploy the release that does not send it to every machine, run `migrate deployed <version>`, then `migrate up`.");
    }

    private static String whatFails(Objection objection) {
        Lost first = objection.queries().getFirst();
        int others = objection.queries().size() - 1;
        return "`%s` would fail (%s)%s"
                .formatted(first.brief(), first.error(), others == 0 ? "" : ", and %d more".formatted(others));
    }

    private Optional<String> sent(Lost lost, Sighting last) {
        Wording wording = Wording.of(lost.text());
        // Who migrates may look around by hand; its queries count only where the application is the same role.
        return calls.statements().stream()
                .filter(count -> !count.own() || last.by().equals(role))
                .filter(count -> count.sinceSighting().map(times -> times > 0).orElse(true))
                .filter(count -> Wording.of(count.text()).equals(wording))
                .findFirst()
                .map(count -> "`%s` would fail behind it (%s), and %s."
                        .formatted(lost.brief(), lost.error(), howOften(count, last)));
    }

    private static String howOften(Count count, Sighting last) {
        String deploy = "%s was recorded (%s)".formatted(last.version(), Readiness.SECOND.format(last.at()));
        return count.sinceSighting()
                .map(times -> "the role %s has sent it %s since %s".formatted(count.role(), times(times), deploy))
                .orElseGet(() -> "the role %s has sent it %s%s; how often since %s, nobody has counted"
                        .formatted(
                                count.role(),
                                times(count.calls()),
                                count.since()
                                        .map(since -> " since " + Readiness.SECOND.format(since))
                                        .orElse(""),
                                deploy));
    }

    private static String times(long times) {
        return times == 1 ? "once" : times + " times";
    }
}
