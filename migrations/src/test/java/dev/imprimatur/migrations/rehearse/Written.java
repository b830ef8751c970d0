package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.layout.Layouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A chain that a test writes in one text: {@code # 0001_expand_slug} begins the way there, {@code # down} the way back.
 */
record Written(Path folder, Layout layout) {

    /** A table with rows, and a chain that is sound, for faults to be put behind. */
    static final String BASE = """
            # 0000_initial_schema
            CREATE TYPE state AS ENUM ('draft', 'published');
            CREATE TABLE posts (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              title text NOT NULL,
              state state NOT NULL DEFAULT 'draft',
              stars int
            );
            INSERT INTO posts (title, stars) SELECT 'Post ' || n, n FROM generate_series(1, 12) n;
            # down
            -- migrate: lossy every row goes with its table
            DROP TABLE posts;
            DROP TYPE state;
            """;

    static Written ours(Path folder, String text) throws IOException {
        return write(folder, Layout.IMPRIMATUR, text, ".sql", ".down.sql");
    }

    static Written golang(Path folder, String text) throws IOException {
        return write(folder, Layout.GOLANG_MIGRATE, text, ".up.sql", ".down.sql");
    }

    private static Written write(Path folder, Layout layout, String text, String forward, String down)
            throws IOException {
        for (String step : ("\n" + text).split("\n# (?!down)", -1)) {
            if (step.isBlank()) {
                continue;
            }
            int end = step.indexOf('\n');
            String name = step.substring(0, end);
            String[] ways = step.substring(end + 1).split("(?m)^# down\n?", -1);
            Files.writeString(folder.resolve(name + forward), ways[0]);
            if (ways.length > 1) {
                Files.writeString(folder.resolve(name + down), ways[1]);
            }
        }
        return new Written(folder, layout);
    }

    Chain chain() {
        return Layouts.read(folder, layout);
    }

    Report rehearse() {
        return rehearse(rehearsal -> rehearsal);
    }

    /** On the lent server, whose roles are cleared away. */
    Report rehearse(UnaryOperator<Rehearsal> manner) {
        return onLentServer(chain(), manner);
    }

    static Report onLentServer(Chain chain, UnaryOperator<Rehearsal> manner) {
        try {
            return manner.apply(Rehearsal.of(chain).on(OwnServer.SERVER)).run();
        } finally {
            for (String role : OwnServer.rows("SELECT quote_ident(rolname) FROM pg_roles WHERE oid >= 16384")) {
                OwnServer.run(OwnServer.SERVER.url(), "DROP OWNED BY " + role + " CASCADE; DROP ROLE " + role);
            }
        }
    }

    /** Each finding as {@code step: code object file:line}, those of the way back through the chain behind all others. */
    static List<String> told(Report report) {
        List<String> told = new ArrayList<>();
        for (StepReport step : report.steps()) {
            step.findings().forEach(finding -> told.add(step.name() + ": " + line(finding)));
        }
        report.unwind().findings().forEach(finding -> told.add("unwind: " + line(finding)));
        return told;
    }

    private static String line(Finding finding) {
        return finding.code().id() + " " + finding.object()
                + finding.place()
                        .map(place -> " " + place.file().getFileName() + ":" + place.line())
                        .orElse(" nowhere")
                + (finding.excused().isPresent() ? " excused" : "");
    }

    /** Everything that a failed assertion should show. */
    static String whole(Report report) {
        StringBuilder text = new StringBuilder(
                report.verdict() + " unwound " + report.unwind().reached() + " of "
                        + report.unwind().of() + " left " + report.left() + " notes " + report.notes());
        for (StepReport step : report.steps()) {
            text.append('\n')
                    .append(step.name())
                    .append(' ')
                    .append(step.verdict())
                    .append(step.notes());
            step.findings()
                    .forEach(finding ->
                            text.append("\n  ").append(finding).append("\n    ").append(finding.detail()));
        }
        report.unwind()
                .findings()
                .forEach(finding -> text.append("\nunwind ")
                        .append(finding)
                        .append("\n    ")
                        .append(finding.detail()));
        return text.toString();
    }
}
