package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.cli.RehearsalRequest.Extent;
import dev.imprimatur.migrations.cli.RehearsalRequest.Outcome;
import dev.imprimatur.migrations.cli.RehearsalRequest.Receipt;
import dev.imprimatur.migrations.cli.RehearsalRequest.Stage;
import dev.imprimatur.migrations.cli.RehearsalRequest.Workload;
import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.rehearse.Venue;
import dev.imprimatur.migrations.report.Format;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code migrate rehearse} takes. All that is wrong is told at once, a line each, before anything is started. */
final class RehearsalOptions {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,10}) ?(ms|s|m|h)");
    private static final Pattern LIVE = Pattern.compile("pg_stat_statements@(.*)", Pattern.DOTALL);
    /** PostgreSQL counts its statement_timeout in an int of milliseconds. */
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            defaultValue = "auto",
            description = "Whose form the files have: auto, imprimatur, golang-migrate, diesel, goose, dbmate or flyway"
                    + " (default: ${DEFAULT-VALUE}).")
    private String layout = "auto";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Rehearse on copies of this database, made on its own server: postgres://user@host:port/name,"
                    + " without a password, which comes from PGPASSWORD or the password file. Without this option a"
                    + " PostgreSQL 17 is started and thrown away; DATABASE_URL does not count.")
    private @Nullable String url;

    @Option(names = "--in-place", description = "Rehearse in the database of --url itself, which nobody else may need.")
    private boolean inPlace;

    @Option(
            names = "--from",
            paramLabel = "STEP",
            description =
                    "The first step to rehearse, by number or name; those before it are only applied. Default: the"
                            + " first, or with --url the first that the database has not applied.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "STEP", description = "The last step to rehearse, by number or name.")
    private @Nullable String to;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many rows each table has at least (default: ${DEFAULT-VALUE}).")
    private String rows = "10";

    @Option(
            names = "--prelude",
            paramLabel = "FILE",
            description = "SQL that runs before the chain: roles, extensions, settings.")
    private @Nullable String prelude;

    @Option(
            names = "--workload",
            paramLabel = "FILE",
            description = "The queries of the code that is running, as a file or as pg_stat_statements@URL.")
    private @Nullable String workload;

    @Option(
            names = "--step-timeout",
            paramLabel = "D",
            defaultValue = "5m",
            description = "How long one statement may take, such as 30s or 2m (default: ${DEFAULT-VALUE}).")
    private String stepTimeout = "5m";

    @Option(names = "--keep-going", description = "Go on behind a step that failed.")
    private boolean keepGoing;

    @Option(
            names = "--record",
            description = "Write the receipt of a passed rehearsal, and its costs into the registry.")
    private boolean record;

    @Option(names = "--accept-unproven", description = "With --record: unproven steps are good enough.")
    private boolean acceptUnproven;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json, markdown, junit, sarif or github (default: ${DEFAULT-VALUE}).")
    private String format = "text";

    @Option(names = "--out", paramLabel = "FILE", description = "Where the report goes instead of standard output.")
    private @Nullable String out;

    @Option(names = "--html", paramLabel = "FILE", description = "Where a page goes, besides the report.")
    private @Nullable String html;

    private final List<String> faults = new ArrayList<>();

    /** The values, as far as {@link RehearsalRequest#faults} is empty. */
    RehearsalRequest read(Map<String, String> environment) {
        faults.clear();
        Stage stage = new Stage(venue(environment), readRows(), file("--prelude", prelude), readWorkload(environment));
        Extent extent =
                new Extent(readLayout(), Optional.ofNullable(from), Optional.ofNullable(to), readTimeout(), keepGoing);
        Outcome outcome = new Outcome(readFormat(), target("--out", out), target("--html", html), receipt());
        if (outcome.out().isPresent() && outcome.out().equals(outcome.html())) {
            faults.add("--out and --html name the same file: give them two.");
        }
        return new RehearsalRequest(stage, extent, outcome, faults);
    }

    private Venue venue(Map<String, String> environment) {
        if (url == null) {
            if (inPlace) {
                faults.add(
                        "--in-place rehearses in a database itself: name it with --url postgres://user@host:port/name.");
            }
            return new Venue.Embedded();
        }
        String given = url;
        Optional<DatabaseUrl> database = tried("--url", () -> DatabaseOption.argument("--url", given, environment));
        return database.<Venue>map(read -> inPlace ? new Venue.InPlace(read) : new Venue.CopiesOf(read))
                .orElse(new Venue.Embedded());
    }

    private Optional<Workload> readWorkload(Map<String, String> environment) {
        if (workload == null) {
            return Optional.empty();
        }
        Matcher live = LIVE.matcher(workload);
        return live.matches()
                ? tried("--workload", () -> DatabaseOption.argument("--workload", live.group(1), environment))
                        .map(Workload.Live::new)
                : file("--workload", workload).map(Workload.Texts::new);
    }

    private Optional<DatabaseUrl> tried(String option, Supplier<DatabaseUrl> reading) {
        try {
            return Optional.of(reading.get());
        } catch (MigrationException e) {
            String message = String.valueOf(e.getMessage());
            faults.add(message.startsWith(option) ? message : option + ": " + message);
            return Optional.empty();
        }
    }

    private int readRows() {
        if (rows.matches("0*[1-9][0-9]{0,7}")) {
            return Integer.parseInt(rows);
        }
        faults.add("--rows takes a whole number from 1 to 99999999, such as 1000, not `%s`.".formatted(rows));
        return 1;
    }

    private Duration readTimeout() {
        Matcher matcher = DURATION.matcher(stepTimeout);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration duration = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
            if (duration.isPositive() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        }
        faults.add("--step-timeout takes a number with its unit, ms, s, m or h, and at most 24 days: 500ms, 30s or 2m,"
                + " not `%s`.".formatted(stepTimeout));
        return LONGEST;
    }

    private Optional<Layout> readLayout() {
        Optional<Layout> read = Layout.ofWord(layout);
        if (read.isEmpty() && !layout.equals("auto")) {
            faults.add("--layout knows no `%s`: write auto, %s."
                    .formatted(
                            layout,
                            words(Arrays.stream(Layout.values())
                                    .map(Layout::word)
                                    .toList())));
        }
        return read;
    }

    private Format readFormat() {
        return Format.ofWord(format).orElseGet(() -> {
            faults.add("--format knows no `%s`: write %s."
                    .formatted(
                            format,
                            words(Arrays.stream(Format.values())
                                    .map(Format::word)
                                    .toList())));
            return Format.TEXT;
        });
    }

    private static String words(List<String> choices) {
        return choices.stream().limit(choices.size() - 1L).collect(Collectors.joining(", ")) + " or "
                + choices.getLast();
    }

    private Receipt receipt() {
        if (acceptUnproven && !record) {
            faults.add("--accept-unproven says what --record may write: give both, or neither.");
        }
        if (!record) {
            return Receipt.NONE;
        }
        return acceptUnproven ? Receipt.EVEN_UNPROVEN : Receipt.WHEN_PASSED;
    }

    private Optional<Path> file(String option, @Nullable String given) {
        Optional<Path> path = path(option, given);
        if (path.isPresent() && (!Files.isReadable(path.get()) || Files.isDirectory(path.get()))) {
            faults.add("%s: there is no file `%s` that can be read.".formatted(option, given));
        }
        return path;
    }

    /** Refused before an hour of rehearsing, not behind it. */
    private Optional<Path> target(String option, @Nullable String given) {
        Optional<Path> path = path(option, given).map(Path::toAbsolutePath);
        if (path.isEmpty()) {
            return path;
        }
        Path folder = path.get().getParent();
        if (Files.isDirectory(path.get()) || (Files.exists(path.get()) && !Files.isWritable(path.get()))) {
            faults.add("%s: `%s` cannot be written: name a file.".formatted(option, given));
        } else if (folder == null || !Files.isDirectory(folder)) {
            faults.add("%s: there is no folder `%s`: make it first.".formatted(option, folder));
        }
        return path;
    }

    private Optional<Path> path(String option, @Nullable String given) {
        if (given == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(given)).filter(path -> !given.isBlank()).or(() -> {
                faults.add(option + " takes the name of a file.");
                return Optional.empty();
            });
        } catch (InvalidPathException e) {
            faults.add("%s: `%s` is no name of a file.".formatted(option, given));
            return Optional.empty();
        }
    }
}
