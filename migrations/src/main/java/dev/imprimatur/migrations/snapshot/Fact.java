package dev.imprimatur.migrations.snapshot;

import java.util.Locale;

/** What can be known about an object. A fact that does not hold, or is the server's default, is absent. */
public enum Fact {
    OWNER,
    COMMENT(Form.LONG),
    /** The text from which the server would make the object again. */
    DEFINITION(Form.LONG),
    VERSION,
    /** The schema that an extension's objects are in. */
    SCHEMA,

    /** The type with its modifier, as {@code format_type} writes it. */
    TYPE,
    NOT_NULL(Form.FLAG),
    DEFAULT,
    /** The expression of a generated column. */
    GENERATED,
    /** {@code always} or {@code by default}. */
    IDENTITY,
    COLLATION,
    STORAGE,
    COMPRESSION,
    STATISTICS_TARGET,
    /** A column or constraint that exists only because a parent table has it. */
    INHERITED(Form.FLAG),

    /** {@code unlogged} or {@code temporary}. */
    PERSISTENCE,
    PARTITION_KEY,
    PARTITION_BOUND,
    /** The tables it inherits from or is a partition of, with a pending detach told. */
    PARENTS,
    /** The names of all columns in their order. */
    COLUMN_ORDER,
    ROW_SECURITY(Form.FLAG),
    FORCED_ROW_SECURITY(Form.FLAG),
    REPLICA_IDENTITY,
    OPTIONS,
    TABLESPACE,
    ACCESS_METHOD,
    POPULATED(Form.FLAG),

    /** {@code check}, {@code unique}, {@code primary key}, {@code foreign key}, {@code exclusion} or {@code trigger}. */
    CONSTRAINT_TYPE,
    NOT_VALID(Form.FLAG),
    /** The columns that a constraint or index is on; absent when an expression takes part. */
    ON_COLUMNS,
    /** A foreign key whose triggers are switched off. */
    NOT_ENFORCED(Form.FLAG),

    UNIQUE(Form.FLAG),
    INVALID(Form.FLAG),
    CLUSTERED(Form.FLAG),

    START,
    INCREMENT,
    MINIMUM,
    MAXIMUM,
    CACHE,
    CYCLE(Form.FLAG),
    OWNED_BY,
    /** The next value lies below what its column holds already. */
    BEHIND_ITS_COLUMN(Form.FLAG),

    /** An enum's values in their order. */
    LABELS,
    SUBTYPE,

    RESULT,
    ARGUMENTS,
    LANGUAGE,
    BODY(Form.LONG),
    VOLATILITY,
    STRICT(Form.FLAG),
    SECURITY_DEFINER(Form.FLAG),
    LEAKPROOF(Form.FLAG),
    PARALLEL,
    COST,
    ROWS,
    SETTINGS,

    /** {@code disabled}, {@code replica} or {@code always}. */
    FIRING,
    COMMAND,
    RESTRICTIVE(Form.FLAG),
    ROLES,
    USING,
    CHECK,
    PRIVILEGES,
    EVENT,
    TAGS,
    FUNCTION,
    TABLES,
    OPERATIONS,
    ALL_TABLES(Form.FLAG),
    VIA_ROOT(Form.FLAG);

    /** How a fact is told. */
    enum Form {
        /** With its value. */
        VALUE,
        /** It holds or it does not. */
        FLAG,
        /** Its value is too long for a line. */
        LONG
    }

    private final Form form;

    Fact() {
        this(Form.VALUE);
    }

    Fact(Form form) {
        this.form = form;
    }

    Form form() {
        return form;
    }

    /** As it is written in a sentence: {@code row security}. */
    public String word() {
        return this == NOT_NULL ? "NOT NULL" : name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
