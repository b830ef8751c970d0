package dev.imprimatur.publishing.publications;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;

/** Writes down what stores send, by the method that sends it, and knows which methods send anything. */
final class SentQueries implements SqlLogger {
    private static final String ROOT = "dev.imprimatur.publishing.";
    private static final Set<String> SENDERS = Set.of(
            "createQuery",
            "createUpdate",
            "createCall",
            "createScript",
            "createBatch",
            "prepareBatch",
            "execute",
            "select");

    /** Where a query is made: a method of a class of ours, named as in the source. */
    record Sender(String type, String method) implements Comparable<Sender> {
        @Override
        public int compareTo(Sender other) {
            int order = type.compareTo(other.type);
            return order != 0 ? order : method.compareTo(other.method);
        }

        @Override
        public String toString() {
            return type + "." + method;
        }

        static Sender of(String type, String method) {
            String source = method.startsWith("lambda$") ? method.split("\\$", -1)[1] : method;
            return new Sender(type.substring(ROOT.length()), source);
        }
    }

    private final SortedMap<Sender, Set<String>> sent = new TreeMap<>();

    /** The texts by sender, in the order in which they were first sent. */
    SortedMap<Sender, Set<String>> sent() {
        return sent;
    }

    @Override
    public synchronized void logBeforeExecution(StatementContext context) {
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.filter(
                                frame -> frame.getClassName().startsWith(ROOT) && isOfMain(frame.getDeclaringClass()))
                        .map(frame -> Sender.of(frame.getClassName(), frame.getMethodName()))
                        .findFirst())
                .ifPresent(sender -> sent.computeIfAbsent(sender, none -> new LinkedHashSet<>())
                        .add(numbered(context.getParsedSql())));
    }

    private static boolean isOfMain(Class<?> type) {
        return main().equals(home(type));
    }

    /** With {@code $1} where Jdbi has {@code :name}: the same number for the same name. */
    private static String numbered(ParsedSql parsed) {
        List<String> names = parsed.getParameters().getParameterNames();
        String[] pieces = parsed.getSql().split("\\?", -1);
        if (pieces.length != names.size() + 1) {
            throw new AssertionError("a ? that is no parameter: " + parsed.getSql());
        }
        List<String> known = new ArrayList<>();
        StringBuilder text = new StringBuilder(pieces[0]);
        for (int i = 0; i < names.size(); i++) {
            if (!known.contains(names.get(i))) {
                known.add(names.get(i));
            }
            text.append('$').append(known.indexOf(names.get(i)) + 1).append(pieces[i + 1]);
        }
        return text.toString().strip();
    }

    /**
     * How many queries each method makes at least, as its byte code says: as many as there are calls of Jdbi in it, and
     * where it puts a query together from what it is given, as many as there are calls of it.
     */
    static SortedMap<Sender, Integer> made() throws IOException {
        SortedMap<Sender, Integer> made = new TreeMap<>();
        Set<Sender> assembling = new LinkedHashSet<>();
        Map<Sender, Integer> calls = new TreeMap<>();
        try (Stream<Path> files = Files.walk(main())) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                    .sorted()
                    .toList()) {
                ClassModel type = ClassFile.of().parse(file);
                for (MethodModel method : type.methods()) {
                    Sender sender = Sender.of(
                            name(type.thisClass()), method.methodName().stringValue());
                    int queries = 0;
                    boolean assembles = false;
                    for (CodeElement element :
                            method.code().map(CodeModel::elementList).orElse(List.of())) {
                        if (element instanceof InvokeDynamicInstruction dynamic) {
                            assembles |= dynamic.name().equalsString("makeConcatWithConstants");
                        } else if (element instanceof InvokeInstruction call && isOfJdbi(call)) {
                            queries++;
                        } else if (element instanceof InvokeInstruction call
                                && name(call.owner()).startsWith(ROOT)) {
                            calls.merge(
                                    Sender.of(name(call.owner()), call.name().stringValue()), 1, Integer::sum);
                        }
                    }
                    if (queries > 0) {
                        made.merge(sender, queries, Integer::sum);
                    }
                    if (queries > 0 && assembles) {
                        assembling.add(sender);
                    }
                }
            }
        }
        assembling.forEach(sender -> made.merge(sender, calls.getOrDefault(sender, 0), Math::max));
        return made;
    }

    private static boolean isOfJdbi(InvokeInstruction call) {
        return call.owner().asInternalName().equals("org/jdbi/v3/core/Handle")
                && SENDERS.contains(call.name().stringValue());
    }

    private static String name(ClassEntry type) {
        return type.asInternalName().replace('/', '.');
    }

    private static Path main() {
        return home(Publications.class);
    }

    private static Path home(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
