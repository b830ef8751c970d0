package dev.imprimatur.migrations.snapshot;

import static dev.imprimatur.migrations.snapshot.EffectClass.ADDITIVE;
import static dev.imprimatur.migrations.snapshot.EffectClass.DESTRUCTIVE;
import static dev.imprimatur.migrations.snapshot.EffectClass.RESTRICTIVE;

import java.util.List;
import java.util.Optional;

/**
 * What an effect means to running code. Two judgements are a matter of choice: a trigger is additive when it comes,
 * since whether it refuses writes shows only when they are tried; and whatever goes is destructive, an index too, since
 * old queries may need it, unless it only forbade something.
 */
final class Judgement {

    private final Snapshot before;
    private final Snapshot after;

    Judgement(Snapshot before, Snapshot after) {
        this.before = before;
        this.after = after;
    }

    EffectClass ofAdded(CatalogObject object) {
        return switch (object.id().kind()) {
            case COLUMN -> needsValue(object) || isAttribute(object) ? RESTRICTIVE : ADDITIVE;
            case CONSTRAINT -> onNewColumnsOnly(object) ? ADDITIVE : RESTRICTIVE;
            case INDEX -> object.has(Fact.UNIQUE) && !onNewColumnsOnly(object) ? RESTRICTIVE : ADDITIVE;
            case POLICY -> object.has(Fact.RESTRICTIVE) ? RESTRICTIVE : ADDITIVE;
            case RULE -> RESTRICTIVE;
            case PRIVILEGES -> object.fact(Fact.PRIVILEGES).equals(Optional.of("none")) ? DESTRUCTIVE : ADDITIVE;
            case EXTENSION,
                    SCHEMA,
                    ENUM,
                    DOMAIN,
                    COMPOSITE_TYPE,
                    RANGE_TYPE,
                    BASE_TYPE,
                    TABLE,
                    FOREIGN_TABLE,
                    VIEW,
                    MATERIALIZED_VIEW,
                    SEQUENCE,
                    STATISTICS,
                    FUNCTION,
                    PROCEDURE,
                    AGGREGATE,
                    TRIGGER,
                    DEFAULT_PRIVILEGES,
                    PUBLICATION,
                    EVENT_TRIGGER,
                    OTHER -> ADDITIVE;
        };
    }

    EffectClass ofDropped(CatalogObject object) {
        return switch (object.id().kind()) {
            case CONSTRAINT ->
                switch (object.fact(Fact.CONSTRAINT_TYPE).orElse("")) {
                    // ON CONFLICT and foreign keys lean on these.
                    case "unique", "primary key" -> DESTRUCTIVE;
                    default -> ADDITIVE;
                };
            case POLICY -> object.has(Fact.RESTRICTIVE) ? ADDITIVE : RESTRICTIVE;
            case PRIVILEGES -> object.fact(Fact.PRIVILEGES).equals(Optional.of("none")) ? ADDITIVE : DESTRUCTIVE;
            case INDEX -> becameConstraint(object) ? ADDITIVE : DESTRUCTIVE;
            case EXTENSION,
                    SCHEMA,
                    ENUM,
                    DOMAIN,
                    COMPOSITE_TYPE,
                    RANGE_TYPE,
                    BASE_TYPE,
                    TABLE,
                    FOREIGN_TABLE,
                    VIEW,
                    MATERIALIZED_VIEW,
                    COLUMN,
                    SEQUENCE,
                    STATISTICS,
                    FUNCTION,
                    PROCEDURE,
                    AGGREGATE,
                    TRIGGER,
                    RULE,
                    DEFAULT_PRIVILEGES,
                    PUBLICATION,
                    EVENT_TRIGGER,
                    OTHER -> DESTRUCTIVE;
        };
    }

    EffectClass ofChanged(CatalogObject was, CatalogObject is, Fact fact) {
        boolean gained = was.fact(fact).isEmpty();
        boolean lost = is.fact(fact).isEmpty();
        return switch (fact) {
            case NOT_NULL, ROW_SECURITY, FORCED_ROW_SECURITY, UNIQUE, BEHIND_ITS_COLUMN, RESTRICTIVE ->
                gained ? RESTRICTIVE : ADDITIVE;
            // Losing "not valid" or "not enforced" means that the rule holds from now on.
            case NOT_VALID, NOT_ENFORCED -> lost ? RESTRICTIVE : ADDITIVE;
            case INVALID -> gained ? DESTRUCTIVE : ADDITIVE;
            case POPULATED -> lost ? DESTRUCTIVE : ADDITIVE;
            case DEFAULT -> lost ? RESTRICTIVE : ADDITIVE;
            case TYPE -> gained || lost ? DESTRUCTIVE : TypeChange.judge(value(was, fact), value(is, fact));
            case IDENTITY -> value(is, fact).equals("by default") ? ADDITIVE : RESTRICTIVE;
            case LABELS -> keepsOrder(was.list(fact), is.list(fact)) ? ADDITIVE : DESTRUCTIVE;
            case PRIVILEGES -> holdsAll(value(was, fact), value(is, fact)) ? ADDITIVE : DESTRUCTIVE;
            case PARTITION_BOUND, PARENTS, PARTITION_KEY, SUBTYPE, RESULT, ARGUMENTS, EVENT -> DESTRUCTIVE;
            case FIRING -> value(is, fact).equals("disabled") ? DESTRUCTIVE : ADDITIVE;
            case DEFINITION -> ofDefinition(was);
            case OWNER,
                    GENERATED,
                    COLLATION,
                    START,
                    INCREMENT,
                    MINIMUM,
                    MAXIMUM,
                    CYCLE,
                    COMMAND,
                    ROLES,
                    USING,
                    CHECK,
                    STRICT,
                    SECURITY_DEFINER,
                    PERSISTENCE,
                    CONSTRAINT_TYPE -> RESTRICTIVE;
            case COMMENT,
                    VERSION,
                    SCHEMA,
                    STORAGE,
                    COMPRESSION,
                    STATISTICS_TARGET,
                    INHERITED,
                    COLUMN_ORDER,
                    REPLICA_IDENTITY,
                    OPTIONS,
                    TABLESPACE,
                    ACCESS_METHOD,
                    ON_COLUMNS,
                    CLUSTERED,
                    CACHE,
                    OWNED_BY,
                    LANGUAGE,
                    BODY,
                    VOLATILITY,
                    LEAKPROOF,
                    PARALLEL,
                    COST,
                    ROWS,
                    SETTINGS,
                    TAGS,
                    FUNCTION,
                    TABLES,
                    OPERATIONS,
                    ALL_TABLES,
                    VIA_ROOT -> ADDITIVE;
        };
    }

    private static EffectClass ofDefinition(CatalogObject object) {
        return switch (object.id().kind()) {
            case CONSTRAINT, RULE -> RESTRICTIVE;
            case INDEX -> object.has(Fact.UNIQUE) ? RESTRICTIVE : ADDITIVE;
            // A view's columns are objects of their own: had one gone, that would be told.
            default -> ADDITIVE;
        };
    }

    /** {@code ADD CONSTRAINT … USING INDEX}: it is all there still, under the constraint's name. */
    private boolean becameConstraint(CatalogObject index) {
        String name = index.id().name().substring(index.id().name().lastIndexOf('.') + 1);
        return index.parent()
                .map(table -> new ObjectId(Kind.CONSTRAINT, table.name() + "." + name))
                .filter(id -> after.objects().containsKey(id))
                .isPresent();
    }

    private boolean needsValue(CatalogObject column) {
        return column.has(Fact.NOT_NULL)
                && !column.has(Fact.DEFAULT)
                && !column.has(Fact.IDENTITY)
                && !column.has(Fact.GENERATED);
    }

    /** A composite type's attribute: rows of the type are written with all of them. */
    private static boolean isAttribute(CatalogObject column) {
        return column.parent()
                .filter(parent -> parent.kind() == Kind.COMPOSITE_TYPE)
                .isPresent();
    }

    /** Old code does not write columns that it does not know, so it meets no rule on them alone. */
    private boolean onNewColumnsOnly(CatalogObject object) {
        List<String> columns = object.list(Fact.ON_COLUMNS);
        return !columns.isEmpty()
                && object.parent().isPresent()
                && columns.stream()
                        .map(column ->
                                new ObjectId(Kind.COLUMN, object.parent().get().name() + "." + column))
                        .allMatch(id -> after.objects().containsKey(id)
                                && !before.objects().containsKey(id));
    }

    private static boolean keepsOrder(List<String> was, List<String> is) {
        return is.stream().filter(was::contains).toList().equals(was);
    }

    private static boolean holdsAll(String was, String is) {
        return was.equals("none") || List.of(is.split(", ", -1)).containsAll(List.of(was.split(", ", -1)));
    }

    private static String value(CatalogObject object, Fact fact) {
        return object.fact(fact).orElse("");
    }
}
