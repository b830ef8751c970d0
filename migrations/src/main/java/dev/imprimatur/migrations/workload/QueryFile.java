package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Statements;
import dev.imprimatur.migrations.Statements.Flaw;
import dev.imprimatur.migrations.Token;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the statements of a workload's file, and the releases that they belong to. */
final class QueryFile {

    private static final Pattern RELEASE = Pattern.compile("--\\s*release:(.*)", Pattern.CASE_INSENSITIVE);

    private final Path file;

    QueryFile(Path file) {
        this.file = file;
    }

    List<Query> read() {
        String text = text();
        Statements statements = Statements.of(text);
        if (!statements.flaws().isEmpty()) {
            Flaw flaw = statements.flaws().getFirst();
            throw wrong(
                    flaw.line(),
                    switch (flaw.fault()) {
                        case PSQL_COMMAND -> "`" + flaw.what() + "` is a command of psql, not SQL";
                        case UNTERMINATED -> "the " + flaw.what() + " that begins here never ends";
                    });
        }
        Map<String, Query> queries = new LinkedHashMap<>();
        List<Token> comments = new ArrayList<>(statements.comments());
        List<Release> releases = List.of();
        for (Statement statement : statements.list()) {
            while (!comments.isEmpty() && comments.getFirst().offset() < statement.offset()) {
                Token comment = comments.removeFirst();
                Matcher release = RELEASE.matcher(comment.text());
                if (release.matches()) {
                    releases = releases(release.group(1), lineAt(text, comment.offset()));
                }
            }
            Query query = new Query(statement.text(), Optional.of(new Query.Place(file, statement.line())), releases);
            queries.merge(query.text(), query, QueryFile::joined);
        }
        return List.copyOf(queries.values());
    }

    private static Query joined(Query first, Query again) {
        List<Release> releases = new ArrayList<>(first.releases());
        releases.addAll(again.releases());
        return new Query(first.text(), first.place(), releases);
    }

    private List<Release> releases(String names, int line) {
        List<Release> releases = Arrays.stream(names.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(Release::new)
                .toList();
        if (releases.isEmpty()) {
            throw wrong(line, "no release is named; write -- release: 1.4.0");
        }
        return releases;
    }

    private String text() {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new MigrationException(
                    MigrationException.Reason.USAGE,
                    file + ":1: the workload cannot be read (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + ")",
                    e);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        boolean wrong =
                StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError();
        String text = out.flip().toString().replace("\r\n", "\n");
        if (wrong) {
            throw wrong(lineAt(text, text.length()), "the file is not UTF-8; save it as UTF-8");
        }
        if (text.indexOf('\0') >= 0) {
            throw wrong(lineAt(text, text.indexOf('\0')), "a NUL byte; remove it");
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static int lineAt(String text, int offset) {
        return 1
                + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    }

    private MigrationException wrong(int line, String what) {
        return new MigrationException(MigrationException.Reason.USAGE, file + ":" + line + ": " + what + ".");
    }
}
