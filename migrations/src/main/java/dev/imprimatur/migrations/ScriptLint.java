package dev.imprimatur.migrations;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rules for what may stand in a migration file. */
final class ScriptLint {

    private static final Set<String> TRANSACTION_CONTROL =
            Set.of("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE");

    private final Script script;
    private final Direction direction;
    private final List<LintFinding> findings;

    ScriptLint(Script script, Direction direction, List<LintFinding> findings) {
        this.script = script;
        this.direction = direction;
        this.findings = findings;
    }

    void check() {
        checkEmpty();
        checkDirectives();
        script.statements().list().forEach(this::checkStatement);
        script.batch().ifPresent(this::checkBatch);
    }

    private void checkEmpty() {
        if (!script.statements().list().isEmpty()
                || !script.statements().flaws().isEmpty()) {
            return;
        }
        switch (direction) {
            case FORWARD -> find(LintRule.EMPTY, 1, "the file has no statement", "write the change");
            case DOWN -> {
                // Some steps have nothing to take back; that must be a decision, not an empty file.
                if (script.statements().comments().isEmpty()) {
                    find(
                            LintRule.EMPTY,
                            1,
                            "the file has neither a statement nor a comment",
                            "write the way back, or a comment why there is nothing to take back");
                }
            }
        }
    }

    private void checkDirectives() {
        if (direction == Direction.FORWARD && script.lossy().isPresent()) {
            find(LintRule.DIRECTIVE, 1, "`lossy` in a forward file", "move it to the down file");
        }
        if (direction == Direction.DOWN && script.directives().stream().anyMatch(Directive.Refuses.class::isInstance)) {
            find(LintRule.DIRECTIVE, 1, "`refuses` in a down file", "move it to the forward file");
        }
        long kinds =
                script.directives().stream().map(Object::getClass).distinct().count();
        if (kinds < script.directives().size()) {
            find(LintRule.DIRECTIVE, 1, "a directive stands twice", "keep one of them");
        }
        if (script.withoutTransaction() && script.batch().isPresent()) {
            find(
                    LintRule.DIRECTIVE,
                    1,
                    "`no-transaction` and `batch` in one file",
                    "keep `batch`: each range is a transaction of its own");
        }
    }

    private void checkStatement(Statement statement) {
        String first = statement.tokens().getFirst().text().toUpperCase(Locale.ROOT);
        if (TRANSACTION_CONTROL.contains(first)
                || statement.startsWith("PREPARE", "TRANSACTION")
                || statement.startsWith("COMMIT", "PREPARED")) {
            find(
                    LintRule.TRANSACTION_CONTROL,
                    statement.line(),
                    "`" + first + "` controls the transaction, which is the tool's",
                    "remove it, or use `-- migrate: no-transaction`");
        }
        if (statement.copiesThroughTheClient()) {
            find(
                    LintRule.COPY_STDIN,
                    statement.line(),
                    "COPY with rows in the file needs psql",
                    "write INSERT ... VALUES");
        }
        boolean inTransaction = !script.withoutTransaction();
        if (inTransaction && statement.refusesTransaction()) {
            find(
                    LintRule.NEEDS_NO_TRANSACTION,
                    statement.line(),
                    "PostgreSQL runs this statement only outside a transaction",
                    "write `-- migrate: no-transaction` at the file's head");
        }
        if (ConcurrentIndex.isUnnamed(statement)) {
            find(
                    LintRule.INDEX_UNNAMED,
                    statement.line(),
                    "an index built concurrently without a name cannot be recovered when the build fails",
                    "name it: CREATE INDEX CONCURRENTLY <name> ON ...");
        }
    }

    private void checkBatch(Directive.Batch batch) {
        List<Statement> statements = script.statements().list();
        if (statements.size() != 1) {
            find(
                    LintRule.BATCH,
                    1,
                    "a batch file has " + statements.size() + " statements",
                    "write exactly one, with :first and :last");
            return;
        }
        Statement statement = statements.getFirst();
        for (KeyRange.Place place : KeyRange.Place.values()) {
            if (!KeyRange.has(statement, place)) {
                find(
                        LintRule.BATCH,
                        statement.line(),
                        "the statement does not use " + place.mark(),
                        "write `WHERE " + batch.key() + " BETWEEN :first AND :last`");
            }
        }
    }

    private void find(LintRule rule, int line, String problem, String remedy) {
        findings.add(new LintFinding(rule, script.file(), line, problem, remedy));
    }
}
