package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.Finding;
import dev.imprimatur.migrations.rehearse.FindingCode;
import dev.imprimatur.migrations.rehearse.Report;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** SARIF 2.1.0, for code scanning: a rule per code, a result per finding. */
final class SarifReport {

    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

    private static final List<FindingCode> RULES = List.of(FindingCode.values());

    private final Look look;

    private SarifReport(Look look) {
        this.look = look;
    }

    static String write(Report report, Look look) {
        return Json.of(new SarifReport(look).log(report)) + "\n";
    }

    private Map<String, Object> log(Report report) {
        Map<String, Object> driver = Json.object(
                "name", Report.TOOL,
                "version", report.version(),
                "rules", RULES.stream().map(SarifReport::rule).toList());
        List<Map<String, Object>> results =
                Told.all(report).stream().map(this::result).toList();
        Map<String, Object> run = Json.object(
                "tool", Json.object("driver", driver),
                "invocations", List.of(Json.object("executionSuccessful", true)),
                "columnKind", "utf16CodeUnits",
                "results", results,
                "properties",
                        Json.object(
                                "server", report.server(),
                                "layout", report.layout().word(),
                                "summary", Summary.of(report)));
        return Json.object("$schema", SCHEMA, "version", "2.1.0", "runs", List.of(run));
    }

    private static Map<String, Object> rule(FindingCode code) {
        return Json.object(
                "id", code.id(),
                "shortDescription", text(sentence(code.meaning())),
                "help", text(Advice.on(code)),
                "defaultConfiguration", Json.object("level", level(code.weight())));
    }

    private Map<String, Object> result(Told told) {
        Finding finding = told.finding();
        Map<String, Object> artifact = Json.object("uri", look.uri(told.place().file()));
        Map<String, Object> physical = Json.object(
                "artifactLocation",
                artifact,
                "region",
                Json.object("startLine", told.place().line()));
        Map<String, Object> result = Json.object(
                "ruleId", finding.code().id(),
                "ruleIndex", RULES.indexOf(finding.code()),
                "level", level(finding.weight()),
                "message", text(message(told)),
                "locations",
                        List.of(Json.object(
                                "physicalLocation",
                                physical,
                                "logicalLocations",
                                List.of(Json.object("fullyQualifiedName", finding.object())))),
                "partialFingerprints", Json.object("rehearsal/v1", fingerprint(told)));
        finding.excused()
                .ifPresent(why ->
                        result.put("suppressions", List.of(Json.object("kind", "inSource", "justification", why))));
        return result;
    }

    private static String message(Told told) {
        Finding finding = told.finding();
        String detail = finding.detail().strip();
        return told.scene() + ": " + finding.object() + ": " + finding.code().meaning() + "."
                + (detail.isEmpty() ? "" : "\n" + detail);
    }

    /** The same for the same finding in a later run, wherever its line has moved to. */
    private static String fingerprint(Told told) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : List.of(
                    told.finding().code().id(), told.scene(), told.finding().object())) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String level(FindingCode.Weight weight) {
        return switch (weight) {
            case FAILS -> "error";
            case UNPROVEN -> "warning";
            case NOTED -> "note";
        };
    }

    private static Map<String, Object> text(String text) {
        return Json.object("text", text);
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }
}
