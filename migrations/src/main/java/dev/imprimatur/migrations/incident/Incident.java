package dev.imprimatur.migrations.incident;

import dev.imprimatur.migrations.Deploy;
import dev.imprimatur.migrations.Direction;
import dev.imprimatur.migrations.Failure;
import dev.imprimatur.migrations.Failure.Moment;
import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.Receipt;
import dev.imprimatur.migrations.Receipts;
import dev.imprimatur.migrations.Words;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One incident in the form of {@code docs/incidents/TEMPLATE.md}: filled in as far as the tool knows, blank where people
 * have to think.
 */
final class Incident {

    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int SHOWN_DEPLOYS = 3;

    private final Failure failure;
    private final Receipts receipts;

    Incident(Failure failure, Receipts receipts) {
        this.failure = failure;
        this.receipts = receipts;
    }

    String text() {
        Failure.Run run = failure.run();
        Failure.Answer answer = failure.answer();
        return """
                # Migration `%s`: stopped%s

                Written by `%s` when it failed; times in UTC. What is blank is yours to fill in. No blame, no guesses without the
                word "guess".

                | | |
                |---|---|
                | Began / noticed / ended | %s / %s / |
                | Database and release | `%s`, PostgreSQL %s, as `%s`; %s |
                | State left behind | %s |
                | How to go on | %s |

                ## Impact

                Who felt it, how, and for how long?

                -

                ## Time line

                | UTC | what happened, who did what, what was seen |
                |---|---|
                %s
                | | |

                ## The failure

                `%s:%d`%s

                %s%s

                What happened: %s

                ### Locks

                %s
                ## Rows

                Were any lost or changed? How do we know: the query and its answer. If restored: from what, and what is missing.

                -

                ## Why

                What had to be true for this to happen. Go on asking until the answer is something we can change.

                -

                ## The rehearsal

                %s

                What did the rehearsal not show, and could it have?

                -

                ## What we change

                | what | so that | who | done |
                |---|---|---|---|
                | | | | |

                ## Open questions

                -
                """.formatted(
                        failure.step().migration().name(),
                        answer.sqlState().isEmpty() ? "" : " with SQLSTATE " + answer.sqlState(),
                        failure.step().direction() == Direction.FORWARD ? "migrate up" : "migrate down",
                        time(run.timeline().getFirst().at()),
                        time(run.timeline().getLast().at()),
                        cell(run.database()),
                        cell(run.server()),
                        cell(run.role()),
                        cell(deploys(run.deploys())),
                        cell(failure.remains().state()),
                        cell(failure.remains().next()),
                        moments(run.timeline()),
                        file(),
                        failure.place().line(),
                        answer.sqlState().isEmpty() ? "" : ", SQLSTATE " + answer.sqlState(),
                        failure.place().statement().isEmpty()
                                ? ""
                                : fenced("sql", failure.place().statement()) + "\n\n",
                        fenced("", answer.message()),
                        answer.meaning(),
                        locks(failure.locks()),
                        rehearsal());
    }

    /** The file goes into the project's repository, where paths of this machine mean nothing. */
    private Path file() {
        Path file = failure.place().file();
        return file.isAbsolute() ? file.getFileName() : file;
    }

    private static String time(Instant at) {
        return SECOND.format(at);
    }

    private static String moments(List<Moment> moments) {
        return moments.stream()
                .map(moment -> "| %s | %s |".formatted(time(moment.at()), cell(moment.what())))
                .collect(Collectors.joining("\n"));
    }

    private static String deploys(List<Deploy> deploys) {
        if (deploys.isEmpty()) {
            return "no deploy on record";
        }
        return deploys.subList(Math.max(0, deploys.size() - SHOWN_DEPLOYS), deploys.size()).reversed().stream()
                .map(deploy -> "%s since %s on %04d".formatted(deploy.version(), time(deploy.at()), deploy.newest()))
                .collect(Collectors.joining(", before that ", "last deploy ", ""));
    }

    private static String locks(Failure.Locks locks) {
        return "Held by the step, as last seen; it holds nothing any more:\n\n"
                + list(locks.held(), "none long enough to be seen")
                + "\nWaited for:\n\n" + list(locks.waited(), "nothing long enough to be seen")
                + "\nBlocked by:\n\n" + list(locks.blockers(), "nobody seen");
    }

    private static String list(List<String> lines, String none) {
        return lines.isEmpty()
                ? "- " + none + "\n"
                : lines.stream().map(line -> "- " + oneLine(line) + "\n").collect(Collectors.joining());
    }

    private String rehearsal() {
        Optional<Receipt> receipt;
        try {
            receipt = receipts.read(failure.step().migration());
        } catch (MigrationException e) {
            return oneLine(String.valueOf(e.getMessage()));
        }
        String told = receipt.map(Incident::told).orElse("There is no receipt of a rehearsal.");
        if (receipt.isPresent()) {
            told += receipts.refusal(failure.step().migration())
                    .map(why -> " It does not match any more: " + why + ".")
                    .orElse("");
        }
        return told
                + failure.step()
                        .unrehearsed()
                        .map(why -> " It was applied unrehearsed all the same: " + oneLine(why))
                        .orElse("");
    }

    private static String told(Receipt receipt) {
        return "Rehearsed on %s with %s on PostgreSQL %s, %s: forward %s, back %s, %d rewrites, on %d rows; from the schema `%s`."
                .formatted(
                        time(receipt.made().at()),
                        receipt.made().tool(),
                        receipt.made().server(),
                        receipt.made().verdict().word(),
                        Words.duration(receipt.figures().forward()),
                        Words.duration(receipt.figures().back()),
                        receipt.figures().rewrites(),
                        receipt.figures().rows(),
                        receipt.fingerprint().substring(0, 12));
    }

    /** A fence that is longer than any in the text. */
    private static String fenced(String language, String text) {
        String fence = "```";
        while (text.contains(fence)) {
            fence += "`";
        }
        return fence + language + "\n" + text + "\n" + fence;
    }

    private static String cell(String text) {
        return oneLine(text).replace("|", "\\|");
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ");
    }
}
