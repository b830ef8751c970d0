package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.Finding;
import dev.imprimatur.migrations.rehearse.Report;
import java.util.stream.Collectors;

/**
 * GitHub's workflow commands. The grave findings come first, since a run shows only the first ten of each kind. What a
 * finding says can hold no line break and so no command of its own.
 */
final class GithubReport {

    private GithubReport() {}

    static String write(Report report, Look look) {
        String commands =
                Told.all(report).stream().map(told -> command(told, look)).collect(Collectors.joining());
        return commands + Summary.of(report) + "\n";
    }

    private static String command(Told told, Look look) {
        Finding finding = told.finding();
        return "::%s file=%s,line=%d,title=%s::%s\n"
                .formatted(
                        kind(finding),
                        property(look.shown(told.place().file())),
                        told.place().line(),
                        property(told.scene() + ": " + finding.code().id()),
                        data(message(finding)));
    }

    private static String kind(Finding finding) {
        return switch (finding.weight()) {
            case FAILS -> "error";
            case UNPROVEN -> "warning";
            case NOTED -> "notice";
        };
    }

    private static String message(Finding finding) {
        return finding.object() + ": " + finding.code().meaning() + ".\n"
                + finding.detail().strip()
                + finding.excused().map(why -> "\nExcused: " + why).orElse("\n" + Advice.on(finding.code()));
    }

    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
