package dev.imprimatur.migrations.snapshot;

import java.util.Locale;

/** The kinds of objects that a snapshot knows. */
public enum Kind {
    EXTENSION,
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
    CONSTRAINT,
    INDEX,
    SEQUENCE,
    STATISTICS,
    FUNCTION,
    PROCEDURE,
    AGGREGATE,
    TRIGGER,
    RULE,
    POLICY,
    PRIVILEGES,
    DEFAULT_PRIVILEGES,
    PUBLICATION,
    EVENT_TRIGGER,
    /** Operators, casts, collations, text search and foreign data objects: known by name and owner alone. */
    OTHER;

    /** As it is written in a sentence: {@code materialized view}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
