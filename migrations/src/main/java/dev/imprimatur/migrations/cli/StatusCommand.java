package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.Deploy;
import dev.imprimatur.migrations.History.Run;
import dev.imprimatur.migrations.MigrationFolder;
import dev.imprimatur.migrations.Migrator;
import dev.imprimatur.migrations.Status;
import dev.imprimatur.migrations.Status.Entry;
import dev.imprimatur.migrations.Words;
import dev.imprimatur.migrations.report.Json;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate status}: changes nothing. */
@Command(name = "status", description = "Shows what is applied, pending or contradictory; changes nothing.")
final class StatusCommand implements Callable<Integer> {

    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private static final int SHOWN_DEPLOYS = 5;

    private final Surroundings surroundings;

    @Mixin
    private FolderOption folder = new FolderOption();

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Option(names = "--json", description = "Prints the status as JSON.")
    private boolean json;

    StatusCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        DatabaseUrl url = database.read(surroundings.environment());
        MigrationFolder read = folder.read();
        Status status = new Migrator(url, read).status();
        if (json) {
            surroundings.out().println(Json.of(asJson(status)));
        } else {
            print(status);
        }
        return status.refusal().isEmpty() ? 0 : MigrateCommand.REFUSED;
    }

    private void print(Status status) {
        int width = status.entries().stream()
                .mapToInt(entry -> entry.name().length())
                .max()
                .orElse(0);
        for (Entry entry : status.entries()) {
            String line = "  %-" + Math.max(1, width) + "s  %-9s  %-16s  %8s  %s";
            surroundings
                    .out()
                    .println(line.formatted(
                                    entry.name(), word(entry.state()), appliedAt(entry), duration(entry), entry.note())
                            .stripTrailing());
        }
        if (!status.deploys().isEmpty()) {
            surroundings.out().println("Deploys:");
            latest(status.deploys()).forEach(deploy -> surroundings.out().println("  " + line(deploy)));
        }
        surroundings.out().println(summary(status));
        status.waiting().ifPresent(waiting -> surroundings.out().println(waiting.why()));
        status.refusal().ifPresent(why -> surroundings.err().println("migrate: " + why));
    }

    private static List<Deploy> latest(List<Deploy> deploys) {
        return deploys.subList(Math.max(0, deploys.size() - SHOWN_DEPLOYS), deploys.size());
    }

    private static String line(Deploy deploy) {
        return "%s  %s on %04d, by %s"
                .formatted(
                        MINUTE.format(deploy.at().atZone(ZoneId.systemDefault())),
                        deploy.version(),
                        deploy.newest(),
                        deploy.by());
    }

    private static String summary(Status status) {
        return switch (status.standing()) {
            case CURRENT -> "The database is current: " + count(status.entries().size()) + " applied.";
            case WAITING ->
                "Current but for " + count(status.pending().size()) + " that may follow once a deploy is recorded.";
            case BEHIND ->
                "The database is behind: " + count(status.pending().size()) + " pending; `migrate up` applies"
                        + " what is pending.";
            case NEWER -> "The database is newer than this folder.";
            case INTERRUPTED -> "A step was interrupted.";
            case CONFLICT -> "The folder and the database contradict each other.";
        };
    }

    private static String count(int migrations) {
        return migrations == 1 ? "1 migration" : migrations + " migrations";
    }

    private static String word(Status.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String appliedAt(Entry entry) {
        return run(entry)
                .flatMap(Run::appliedAt)
                .map(instant -> MINUTE.format(instant.atZone(ZoneId.systemDefault())))
                .orElse("");
    }

    private static String duration(Entry entry) {
        return run(entry).flatMap(Run::duration).map(Words::duration).orElse("");
    }

    private static Optional<Run> run(Entry entry) {
        return entry.row().map(row -> row.run());
    }

    private static Map<String, Object> asJson(Status status) {
        List<Map<String, Object>> migrations = status.entries().stream()
                .map(entry -> Json.object(
                        "number", entry.number(),
                        "name", entry.name(),
                        "state", word(entry.state()),
                        "applied_at", run(entry).flatMap(Run::appliedAt),
                        "duration_ms", run(entry).flatMap(Run::duration).map(duration -> (Object) duration.toMillis()),
                        "applied_by", run(entry).map(Run::by),
                        "unrehearsed", run(entry).flatMap(Run::unrehearsed),
                        "note", entry.note()))
                .toList();
        List<Map<String, Object>> deploys = status.deploys().stream()
                .map(deploy -> Json.object(
                        "version", deploy.version(),
                        "newest", deploy.newest(),
                        "deployed_at", deploy.at(),
                        "deployed_by", deploy.by()))
                .toList();
        return Json.object(
                "standing", status.standing().name().toLowerCase(Locale.ROOT),
                "refusal", status.refusal(),
                "waiting",
                        status.waiting()
                                .map(waiting ->
                                        Json.object("name", waiting.migration().name(), "why", waiting.why())),
                "migrations", migrations,
                "deploys", deploys);
    }
}
