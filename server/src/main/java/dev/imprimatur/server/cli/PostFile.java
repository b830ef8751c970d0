package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.FieldError;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.content.DueTime;
import dev.imprimatur.publishing.content.Manuscript;
import dev.imprimatur.publishing.content.Sha256;
import dev.imprimatur.server.cli.FaultyFileException.Fault;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A post as a Markdown file: YAML front matter between two lines {@code ---}, and the body below.
 *
 * <p>Without a {@code title}, a level-one heading that opens the body is the title, and leaves the body.
 *
 * @param name the file as it was named on the command line
 * @param lines where each field stands, by its JSON pointer
 */
record PostFile(
        String name,
        Manuscript manuscript,
        List<String> outlets,
        @Nullable DueTime publishAt,
        Map<String, Integer> lines) {
    private static final String FENCE = "---";
    private static final Pattern HEADING = Pattern.compile(" {0,3}#[ \\t]+(?<title>.*?)(?:[ \\t]+#+)?[ \\t]*");
    private static final String STAND_IN = "-";

    PostFile {
        outlets = List.copyOf(outlets);
        lines = Map.copyOf(lines);
    }

    /**
     * Reads and judges a file, as far as that goes without the server.
     *
     * @param now what {@code publish_at} must come after
     * @throws FaultyFileException with all that is wrong with it
     */
    static PostFile read(Path path, Instant now) throws FaultyFileException {
        return new Reading(path.toString(), FileText.read(path)).post(now);
    }

    /** The line of the field, or else of what it is a part of, or else the first. */
    int lineOf(String pointer) {
        for (String at = pointer; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('/')))) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
        }
        return 1;
    }

    /** The same for the same words, outlets and time, wherever the file lies: proposing twice has one effect. */
    String idempotencyKey() {
        String plan = "%s\n%s\n".formatted(String.join(" ", outlets), publishAt == null ? "" : publishAt);
        return "propose-" + Sha256.hex(plan + manuscript.canonical());
    }

    private static final class Reading {
        private final String name;
        private final List<String> rows;
        private final List<Fault> faults = new ArrayList<>();
        private final Map<String, Integer> lines = new HashMap<>();

        Reading(String name, String text) {
            this.name = name;
            this.rows = List.of(text.split("\n", -1));
        }

        PostFile post(Instant now) throws FaultyFileException {
            int end = endOfFrontMatter();
            FrontMatter front = new FrontMatter(lines, (line, what) -> faults.add(new Fault(name, line, what)));
            if (end > 0) {
                front.read(String.join("\n", rows.subList(1, end)), 2);
            }
            int start = firstWritten(end + 1);
            String title = front.title();
            if (title == null && start < rows.size()) {
                Matcher heading = HEADING.matcher(rows.get(start));
                if (heading.matches() && !lines.containsKey("/title")) {
                    title = heading.group("title");
                    lines.put("/title", start + 1);
                    start = firstWritten(start + 1);
                }
            }
            if (title == null && !lines.containsKey("/title")) {
                fault(1, "there is no title; write title: … into the front matter, or open the body with # …");
            }
            if (end < 0) {
                fault(1, "there is no front matter; open the file with the lines ---, outlets: [feed] and ---");
            } else if (!lines.containsKey("/outlets")) {
                fault(1, "no outlets are named; write outlets: [feed] into the front matter");
            }
            String body = String.join("\n", rows.subList(Math.min(start, rows.size()), rows.size()))
                    .stripTrailing();
            lines.put("/body", Math.min(start, rows.size() - 1) + 1);
            if (body.isEmpty()) {
                fault(Math.max(end + 1, 1), "there is no body; write the post below this line");
            }
            refusePast(front.publishAt(), now);
            Manuscript manuscript = manuscript(front, title, body);
            if (manuscript == null || !faults.isEmpty()) {
                throw new FaultyFileException(faults);
            }
            return new PostFile(name, manuscript, front.outlets(), front.publishAt(), lines);
        }

        /** The index of the closing fence; -1 when there is no front matter at all. */
        private int endOfFrontMatter() throws FaultyFileException {
            if (!rows.getFirst().stripTrailing().equals(FENCE)) {
                return -1;
            }
            for (int i = 1; i < rows.size(); i++) {
                if (rows.get(i).stripTrailing().equals(FENCE)) {
                    return i;
                }
            }
            fault(1, "the front matter that opens here never ends; close it with a line ---");
            throw new FaultyFileException(faults);
        }

        private int firstWritten(int from) {
            int i = from;
            while (i < rows.size() && rows.get(i).isBlank()) {
                i++;
            }
            return i;
        }

        private void refusePast(@Nullable DueTime due, Instant now) {
            if (due != null) {
                try {
                    due.requireFuture(now);
                } catch (RefusedException e) {
                    fault(lines.getOrDefault("/publish_at", 1), "publish_at: " + e.detail() + "; write a later time");
                }
            }
        }

        // What is missing was said already; a stand-in lets the remaining fields be judged all the same.
        private @Nullable Manuscript manuscript(FrontMatter front, @Nullable String title, String body) {
            try {
                return new Manuscript(
                        title == null ? STAND_IN : title,
                        body.isEmpty() ? STAND_IN : body + "\n",
                        front.link(),
                        front.lang(),
                        front.variants());
            } catch (RefusedException e) {
                for (FieldError error : e.errors()) {
                    String advice = error.detail().contains("larger than") ? "; shorten it, or split the post" : "";
                    fault(lines.getOrDefault(error.pointer(), 1), error.detail() + advice);
                }
                return null;
            }
        }

        private void fault(int line, String what) {
            faults.add(new Fault(name, line, what));
        }
    }
}
