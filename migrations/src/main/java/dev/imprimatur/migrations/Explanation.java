package dev.imprimatur.migrations;

import dev.imprimatur.migrations.MigrationException.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Tells a person why a step stopped, where, what is left of it, and how to go on. */
final class Explanation {

    private final Step step;
    private final StepFailure failure;
    private final Left left;

    Explanation(Step step, StepFailure failure, Left left) {
        this.step = step;
        this.failure = failure;
        this.left = left;
    }

    MigrationException asException(Workbench bench, Background background) {
        String meaning = meaning(bench);
        bench.timeline().stopped(step, failure.sqlState());
        StringBuilder text = new StringBuilder();
        text.append(step.title()).append(" stopped at ").append(place()).append(".\n");
        server(text);
        text.append("  What happened: ").append(meaning).append('\n');
        text.append("  State left: ").append(stateLeft());
        Failure known = new Failure(
                step,
                new Failure.Place(
                        step.script().file(),
                        line(),
                        failure.statement().map(Discretion::statement).orElse("")),
                new Failure.Answer(failure.sqlState(), Discretion.message(failure, step.script()), meaning),
                bench.witness().seen(),
                new Failure.Remains(remains(), next()),
                background.with(bench.timeline()));
        return new MigrationException(reason(), text.toString(), known, failure.sql());
    }

    private Reason reason() {
        if (failure.isConnectionLost()) {
            return Reason.CONNECTION_LOST;
        }
        if (failure.isDiskFull()) {
            return Reason.DISK_FULL;
        }
        return failure.isLockTimeout() ? Reason.LOCK_TIMEOUT : Reason.STATEMENT_FAILED;
    }

    private String place() {
        return step.script().file() + ":" + line();
    }

    private int line() {
        return failure.statement().map(this::line).orElse(1);
    }

    private int line(Statement statement) {
        ServerErrorMessage server = serverMessage();
        // A batch's text is not the file's: its keys have been filled in.
        return server == null || step.script().batch().isPresent()
                ? statement.line()
                : statement.lineAt(server.getPosition());
    }

    private @Nullable ServerErrorMessage serverMessage() {
        return failure.sql() instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    }

    private void server(StringBuilder text) {
        ServerErrorMessage server = serverMessage();
        String message = server == null ? failure.sql().getMessage() : server.getMessage();
        text.append("  Server: ")
                .append(failure.sqlState().isEmpty() ? "" : failure.sqlState() + " ")
                .append(message)
                .append('\n');
        if (server != null) {
            line(text, "Detail", server.getDetail());
            line(text, "Hint", server.getHint());
            line(text, "Where", server.getWhere());
        }
        failure.statement().ifPresent(statement -> line(text, "Statement", firstLine(statement.text())));
    }

    private static void line(StringBuilder text, String label, @Nullable String value) {
        if (value != null) {
            text.append("  ")
                    .append(label)
                    .append(": ")
                    .append(value.replace("\n", "\n    "))
                    .append('\n');
        }
    }

    private static String firstLine(String text) {
        String first = text.lines().findFirst().orElse("");
        return first.equals(text) && text.length() <= 100
                ? text
                : first.substring(0, Math.min(100, first.length())) + " …";
    }

    private String meaning(Workbench bench) {
        return switch (reason()) {
            case CONNECTION_LOST -> "the connection to PostgreSQL was lost in the middle of the step.";
            case DISK_FULL -> "the server's disk is full. Make room there, then run the same command again.";
            case LOCK_TIMEOUT -> lockTimeout(bench);
            default ->
                switch (failure.at()) {
                    case STATEMENT -> "the server refused the statement.";
                    case CONSTRAINTS -> "a deferred constraint was violated when the statements were done.";
                    case HISTORY -> "the history could not be written.";
                    case COMMIT -> "the commit failed.";
                };
        };
    }

    private String lockTimeout(Workbench bench) {
        String holders;
        try {
            holders = bench.lockHolders();
        } catch (StepFailure unknown) {
            failure.addSuppressed(unknown);
            holders = "";
        }
        String seen = holders.isEmpty() ? "Nobody is seen to hold it now." : "Locks are held by " + holders + ".";
        return "the step did not get its lock in %d attempts. %s Run it again when the table is quieter."
                .formatted(bench.attempts(), seen);
    }

    private boolean isUnknown() {
        return failure.at() == StepFailure.At.COMMIT && failure.isConnectionLost();
    }

    /** The state left as it may be kept in a file: a key is a row's value. */
    private String remains() {
        return left.mark().lastKey().isEmpty()
                ? stateLeft()
                : "%d rows are done and stay; the last key of them stands in `migrate.history`."
                        .formatted(left.mark().rows());
    }

    private String again() {
        return step.direction() == Direction.FORWARD ? "`migrate up`" : "the same `migrate down`";
    }

    private String next() {
        if (isUnknown()) {
            return "Ask `migrate status` whether it is applied; then run %s.".formatted(again());
        }
        return switch (reason()) {
            case CONNECTION_LOST -> "Find out why the connection ended; then run %s.".formatted(again());
            case DISK_FULL -> "Make room on the server; then run %s.".formatted(again());
            case LOCK_TIMEOUT ->
                "Wait for the sessions that hold the lock, or end them; then run %s.".formatted(again());
            default ->
                left.isNothing()
                        ? "Correct %s, rehearse it again (`migrate rehearse --record`), then run %s."
                                .formatted(step.script().file().getFileName(), again())
                        : "Correct what failed and nothing before it; then run %s, which goes on where it stopped."
                                .formatted(again());
        };
    }

    private String stateLeft() {
        if (isUnknown()) {
            return "not known: the connection broke during the commit. `migrate status` tells whether it is applied.";
        }
        Mark mark = left.mark();
        if (left.isNothing()) {
            return "nothing of this step is left; " + standsAt() + ".";
        }
        Optional<String> lastKey = mark.lastKey();
        if (lastKey.isPresent()) {
            return "%d rows up to key %s are done and stay; %s goes on behind them."
                    .formatted(mark.rows(), lastKey.get(), again());
        }
        return "%d of %d statements are done and stay; %s goes on with the next, which may be corrected before."
                .formatted(mark.statements(), step.script().statements().list().size(), again());
    }

    private String standsAt() {
        int number = step.migration().number();
        return switch (step.direction()) {
            case FORWARD ->
                number == 0
                        ? "the database is as empty as before"
                        : "the database stands at %04d".formatted(number - 1);
            case DOWN -> "the database still stands at %04d".formatted(number);
        };
    }
}
