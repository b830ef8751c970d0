package dev.imprimatur.publishing.access.policy;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

/** A part of a policy file that knows where it stands. Whatever it is not asked for by name refuses the file. */
final class YamlPart {
    private final Path file;
    private final Node node;

    private YamlPart(Path file, Node node) {
        this.file = file;
        this.node = node;
    }

    static YamlPart read(Path file) {
        try {
            LoadSettings settings =
                    LoadSettings.builder().setLabel(file.toString()).build();
            List<Node> documents = new ArrayList<>();
            new Compose(settings).composeAllFromString(Files.readString(file)).forEach(documents::add);
            if (documents.size() != 1) {
                throw refused("%s: it holds %d documents; write one a file".formatted(file, documents.size()));
            }
            return new YamlPart(file, documents.getFirst());
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw refused("%s:%d: this is not YAML: %s".formatted(file, line, e.getProblem()));
        } catch (YamlEngineException e) {
            throw refused("%s: this is not YAML: %s".formatted(file, e.getMessage()));
        } catch (CharacterCodingException e) {
            throw refused("%s: it is not UTF-8".formatted(file));
        } catch (IOException e) {
            throw refused("%s cannot be read: %s".formatted(file, e));
        }
    }

    /**
     * The values by key.
     *
     * @param unevaluated what Cerbos knows and we do not evaluate, and what to write instead
     */
    Map<String, YamlPart> keys(Set<String> known, Map<String, String> unevaluated) {
        if (!(plain() instanceof MappingNode mapping)) {
            throw fault("write keys here: " + String.join(", ", new TreeSet<>(known)));
        }
        Map<String, YamlPart> values = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            YamlPart at = new YamlPart(file, tuple.getKeyNode());
            String key = at.text();
            String instead = unevaluated.get(key);
            if (instead != null) {
                throw at.fault("'%s' is not evaluated here; %s".formatted(key, instead));
            }
            if (!known.contains(key)) {
                throw at.fault("there is no key '%s' here; there are: %s"
                        .formatted(key, String.join(", ", new TreeSet<>(known))));
            }
            if (values.put(key, new YamlPart(file, tuple.getValueNode())) != null) {
                throw at.fault("'%s' stands here twice; keep one".formatted(key));
            }
        }
        return values;
    }

    YamlPart required(Map<String, YamlPart> keys, String key) {
        YamlPart value = keys.get(key);
        if (value == null) {
            throw fault("'%s' is missing; write it".formatted(key));
        }
        return value;
    }

    /** At least one. */
    List<YamlPart> items() {
        if (!(plain() instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            throw fault("write a list of at least one");
        }
        return sequence.getValue().stream()
                .map(item -> new YamlPart(file, item))
                .toList();
    }

    /** The texts of a list, each once. */
    Set<String> texts() {
        Set<String> texts = new TreeSet<>();
        for (YamlPart item : items()) {
            if (!texts.add(item.text())) {
                throw item.fault("'%s' stands here twice; keep one".formatted(item.text()));
            }
        }
        return texts;
    }

    String text() {
        if (plain() instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
            return scalar.getValue();
        }
        throw fault("write text here, in quotes if need be");
    }

    /** One of these. */
    String text(Set<String> allowed) {
        String text = text();
        if (!allowed.contains(text)) {
            throw fault("'%s' is not evaluated here; write %s"
                    .formatted(text, String.join(" or ", new TreeSet<>(allowed))));
        }
        return text;
    }

    RefusedException fault(String what) {
        return fault(0, what);
    }

    /** @param below how many lines further down */
    RefusedException fault(int below, String what) {
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        return refused("%s:%d: %s".formatted(file, line + below, what));
    }

    static RefusedException refused(String detail) {
        return new RefusedException(ErrorCode.CANNOT_START, detail);
    }

    private Node plain() {
        if (node.getAnchor().isPresent()) {
            throw fault("anchors and aliases are not read here; write it out");
        }
        return node;
    }
}
