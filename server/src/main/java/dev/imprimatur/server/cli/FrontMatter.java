package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.content.DueTime;
import dev.imprimatur.publishing.content.Variant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The YAML at the head of a post. Read as a tree of nodes, since only those know their lines. */
final class FrontMatter {
    private static final List<String> KEYS = List.of("title", "link", "outlets", "publish_at", "lang", "variants");
    private static final List<String> VARIANT_KEYS = List.of("title", "body", "link");

    private final Map<String, Integer> lines;
    private final Faults faults;
    private final List<String> outlets = new ArrayList<>();
    private final SortedMap<String, Variant> variants = new TreeMap<>();
    private int firstLine;
    private @Nullable String title;
    private @Nullable String link;
    private @Nullable DueTime publishAt;
    private String lang = "en";

    /** Takes what is wrong in one line of the file. */
    interface Faults {
        void add(int line, String what);
    }

    /** @param lines takes the line of each field, by its JSON pointer */
    FrontMatter(Map<String, Integer> lines, Faults faults) {
        this.lines = lines;
        this.faults = faults;
    }

    @Nullable
    String title() {
        return title;
    }

    @Nullable
    String link() {
        return link;
    }

    String lang() {
        return lang;
    }

    List<String> outlets() {
        return outlets;
    }

    @Nullable
    DueTime publishAt() {
        return publishAt;
    }

    SortedMap<String, Variant> variants() {
        return variants;
    }

    /** @param firstLine the line of the file in which the text begins */
    void read(String yaml, int firstLine) {
        this.firstLine = firstLine;
        Optional<Node> root;
        try {
            root = new Compose(LoadSettings.builder().build()).composeString(yaml);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine()).orElse(0) + firstLine;
            lost();
            String problem = e.getProblem().replaceFirst("\\. \\(.*", "");
            faults.add(line, "the front matter is not YAML (%s); %s".formatted(problem, advice(problem)));
            return;
        } catch (YamlEngineException e) {
            lost();
            faults.add(firstLine, "the front matter is not YAML; write plain keys like title: Hello");
            return;
        }
        if (root.isPresent()) {
            if (root.get() instanceof MappingNode mapping) {
                fields("", mapping, KEYS).forEach(this::field);
                refuseIdleVariants();
            } else {
                lost();
                faults.add(lineOf(root.get()), "the front matter holds no keys; write one a line, like title: Hello");
            }
        }
    }

    /** What could not be read is not also reported as missing. */
    private void lost() {
        lines.putIfAbsent("/title", firstLine);
        lines.putIfAbsent("/outlets", firstLine);
    }

    private static String advice(String problem) {
        if (problem.contains("mapping values are not allowed")) {
            return "put a value that holds a colon in double quotes";
        }
        if (problem.contains("TAB")) {
            return "indent with blanks instead of tabs";
        }
        return "check its quotes, brackets and indentation";
    }

    /** The nodes by key; an unknown or repeated key is a fault. */
    private Map<String, Node> fields(String pointer, MappingNode mapping, List<String> known) {
        Map<String, Node> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int line = lineOf(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                faults.add(line, "a key must be a word; write " + orList(known));
                continue;
            }
            String key = scalar.getValue();
            String at = pointer + "/" + key;
            if (!known.isEmpty() && !known.contains(key)) {
                faults.add(line, "there is no key \"%s\"; write %s".formatted(key, orList(known)));
            } else if (fields.putIfAbsent(key, tuple.getValueNode()) != null) {
                faults.add(line, "%s stands in line %d already; keep one of them".formatted(key, lines.get(at)));
            } else {
                lines.put(at, line);
            }
        }
        return fields;
    }

    private static String orList(List<String> words) {
        if (words.isEmpty()) {
            return "an outlet's name";
        }
        return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
    }

    private void field(String key, Node node) {
        switch (key) {
            case "title" -> title = text(key, node, "title: Hello");
            case "link" -> link = text(key, node, "link: https://example.org/page");
            case "lang" -> {
                String written = text(key, node, "lang: en");
                lang = written == null ? lang : written;
            }
            case "publish_at" -> publishAt = due(node);
            case "outlets" -> readOutlets(node);
            default -> readVariants(node);
        }
    }

    private @Nullable String text(String what, Node node, String example) {
        if (!(node instanceof ScalarNode scalar)) {
            faults.add(lineOf(node), "%s must be text; write %s".formatted(what, example));
            return null;
        }
        String value = scalar.getValue();
        if (scalar.getTag().equals(Tag.NULL) || value.isBlank()) {
            faults.add(lineOf(node), "%s is empty; write %s, or leave it out".formatted(what, example));
            return null;
        }
        if (!scalar.getTag().equals(Tag.STR)) {
            String key = what.substring(what.lastIndexOf(' ') + 1);
            faults.add(
                    lineOf(node),
                    "%s must be text, and %s is none to YAML; write %s: \"%s\"".formatted(what, value, key, value));
            return null;
        }
        return value;
    }

    private @Nullable DueTime due(Node node) {
        String written = text("publish_at", node, "publish_at: 2026-12-01T09:00 Europe/Berlin");
        if (written == null) {
            return null;
        }
        try {
            return DueTime.parse(written);
        } catch (RefusedException e) {
            faults.add(lineOf(node), "publish_at: " + e.detail());
            return null;
        }
    }

    private void readOutlets(Node node) {
        if (!(node instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            faults.add(lineOf(node), "outlets must be a list with at least one name; write outlets: [feed]");
            return;
        }
        for (Node item : sequence.getValue()) {
            lines.put("/outlets/" + outlets.size(), lineOf(item));
            String outlet = text("an outlet", item, "outlets: [feed]");
            if (outlet != null && outlets.contains(outlet)) {
                faults.add(lineOf(item), "the outlet %s is named twice; keep one of them".formatted(outlet));
            } else if (outlet != null) {
                outlets.add(outlet);
            }
        }
    }

    private void readVariants(Node node) {
        String example = "variants: {feed: {title: Hello}}";
        if (!(node instanceof MappingNode mapping)) {
            faults.add(lineOf(node), "variants must be keys by outlet; write " + example);
            return;
        }
        fields("/variants", mapping, List.of()).forEach((outlet, value) -> {
            if (value instanceof MappingNode variant) {
                String of = "the %s variant's ".formatted(outlet);
                Map<String, Node> fields = fields("/variants/" + outlet, variant, VARIANT_KEYS);
                Map<String, String> texts = new LinkedHashMap<>();
                fields.forEach((key, field) -> {
                    String text = text(of + key, field, key + ": …");
                    if (text != null) {
                        texts.put(key, text);
                    }
                });
                variants.put(outlet, new Variant(texts.get("title"), texts.get("body"), texts.get("link")));
            } else {
                faults.add(lineOf(value), "the variant of %s must hold title, body or link".formatted(outlet));
            }
        });
    }

    private void refuseIdleVariants() {
        for (String outlet : variants.keySet()) {
            if (!outlets.isEmpty() && !outlets.contains(outlet)) {
                faults.add(
                        lines.getOrDefault("/variants/" + outlet, firstLine),
                        "there is a variant for %s, which is not among the outlets; write outlets: [%s, %s] or remove it"
                                .formatted(outlet, String.join(", ", outlets), outlet.toLowerCase(Locale.ROOT)));
            }
        }
    }

    private int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine()).orElse(0) + firstLine;
    }
}
