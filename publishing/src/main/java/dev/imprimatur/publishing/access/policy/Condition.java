package dev.imprimatur.publishing.access.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.Program;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Expressions that must all hold. As in Cerbos, one that cannot be evaluated does not hold. */
record Condition(List<Program> all) {
    static final Condition NONE = new Condition(List.of());

    private static final String PRINCIPAL = "P";
    private static final String RESOURCE = "R";
    private static final String ATTRIBUTES = "attr";
    private static final Set<String> FIELDS = Set.of("id", ATTRIBUTES);
    private static final Set<String> OF_PRINCIPALS = Set.of(Question.KIND, Question.MANAGES_PEOPLE);
    /** Those that a test has compared with Cerbos. string(1.0), for one, is "1" there and "1.0" here. */
    private static final Set<String> FUNCTIONS =
            Set.of("size", "type", "startsWith", "endsWith", "contains", "matches");

    private static final Set<String> OPERATORS = Set.of(
            "_&&_",
            "_||_",
            "!_",
            "_?_:_",
            "_==_",
            "_!=_",
            "_<_",
            "_<=_",
            "_>_",
            "_>=_",
            "@in",
            "_[_]",
            "_+_",
            // What all, exists and their like become.
            "@not_strictly_false");

    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar(PRINCIPAL, MapType.create(SimpleType.STRING, SimpleType.DYN))
            .addVar(RESOURCE, MapType.create(SimpleType.STRING, SimpleType.DYN))
            .build();

    @SuppressWarnings("InlineMeInliner") // the runtime whose every decision was compared with the real Cerbos
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.legacyCelRuntimeBuilder().build();

    Condition {
        all = List.copyOf(all);
    }

    boolean holds(Map<String, ?> variables) {
        for (Program program : all) {
            try {
                if (!Boolean.TRUE.equals(program.eval(variables))) {
                    return false;
                }
            } catch (CelEvaluationException e) {
                return false;
            }
        }
        return true;
    }

    static Map<String, ?> variables(Question question) {
        return Map.of(
                PRINCIPAL,
                Map.of("id", question.id(), ATTRIBUTES, CelValues.of(question.attributes())),
                RESOURCE,
                Map.of(
                        "id",
                        question.resource().id(),
                        ATTRIBUTES,
                        CelValues.of(question.resource().attributes())));
    }

    /** @param attributes what {@code R.attr} may be asked for */
    static Program compile(YamlPart part, Set<String> attributes) {
        CelValidationResult result = COMPILER.compile(part.text());
        if (result.hasError()) {
            CelIssue issue = result.getErrors().getFirst();
            throw part.fault(
                    Math.max(issue.getSourceLocation().getLine() - 1, 0),
                    "this condition cannot be evaluated here: %s; it may use P and R, and what CEL has by itself"
                            .formatted(issue.getMessage()));
        }
        try {
            CelAbstractSyntaxTree tree = result.getAst();
            if (!tree.getResultType().equals(SimpleType.BOOL)) {
                throw part.fault("a condition is true or false; compare this with something");
            }
            CelNavigableAst.fromAst(tree).getRoot().allNodes().forEach(node -> check(part, node, attributes));
            return RUNTIME.createProgram(tree);
        } catch (CelValidationException | CelEvaluationException e) {
            throw part.fault("this condition cannot be evaluated here: " + e.getMessage());
        }
    }

    private static void check(YamlPart part, CelNavigableExpr node, Set<String> attributes) {
        if (node.getKind() == Kind.CALL) {
            checkFunction(part, node.expr().call().function());
        } else if (node.getKind() == Kind.IDENT) {
            checkName(part, node, node.expr().ident().name(), attributes);
        }
    }

    private static void checkFunction(YamlPart part, String function) {
        if (!FUNCTIONS.contains(function) && !OPERATORS.contains(function)) {
            throw part.fault("'%s' is not evaluated here; beside operators, has, all and exists there are: %s"
                    .formatted(function.replace("_", " ").strip(), String.join(", ", new TreeSet<>(FUNCTIONS))));
        }
    }

    /** A name that nobody sends would never be there, and so deny for ever. */
    private static void checkName(YamlPart part, CelNavigableExpr node, String variable, Set<String> attributes) {
        if (!variable.equals(PRINCIPAL) && !variable.equals(RESOURCE)) {
            return;
        }
        Set<String> known = variable.equals(PRINCIPAL) ? OF_PRINCIPALS : attributes;
        Optional<CelNavigableExpr> field = node.parent();
        String name = selected(field);
        if (name == null || !FIELDS.contains(name)) {
            throw part.fault("write %1$s.id or %1$s.attr and a name%2$s".formatted(variable, found(name)));
        }
        if (name.equals(ATTRIBUTES)) {
            String attribute = selected(field.flatMap(CelNavigableExpr::parent));
            if (attribute == null || !known.contains(attribute)) {
                throw part.fault("of %s.attr there are: %s%s"
                        .formatted(variable, String.join(", ", new TreeSet<>(known)), found(attribute)));
            }
        }
    }

    private static @Nullable String selected(Optional<CelNavigableExpr> node) {
        return node.filter(expr -> expr.getKind() == Kind.SELECT)
                .map(expr -> expr.expr().select().field())
                .orElse(null);
    }

    private static String found(@Nullable String name) {
        return name == null ? "" : "; not " + name;
    }
}
