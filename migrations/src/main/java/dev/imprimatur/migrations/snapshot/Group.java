package dev.imprimatur.migrations.snapshot;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Objects that are read together, and the catalogs that tell whether any of them may have changed. */
enum Group {
    /** Tables, views, sequences, composite types and all that belongs to one; the only group that is read in part. */
    RELATIONS,
    SCHEMAS,
    TYPES,
    ROUTINES,
    EXTENSIONS,
    PUBLICATIONS,
    EVENT_TRIGGERS,
    DEFAULT_PRIVILEGES,
    OTHERS;

    List<String> queries() {
        return switch (this) {
            case RELATIONS ->
                Stream.concat(RelationQueries.RELATIONS.stream(), RuleQueries.OF_RELATIONS.stream())
                        .toList();
            case SCHEMAS -> RelationQueries.SCHEMAS_ONLY;
            case TYPES -> TypeQueries.TYPES;
            case ROUTINES -> TypeQueries.ROUTINES;
            case EXTENSIONS -> RuleQueries.EXTENSIONS;
            case PUBLICATIONS -> RuleQueries.PUBLICATIONS;
            case EVENT_TRIGGERS -> RuleQueries.EVENT_TRIGGERS;
            case DEFAULT_PRIVILEGES -> RuleQueries.DEFAULT_PRIVILEGES;
            case OTHERS -> RuleQueries.OTHERS;
        };
    }

    /** The catalogs that are touched whenever one of the group may have changed. */
    Set<String> catalogs() {
        return switch (this) {
            case RELATIONS -> Set.of("pg_class");
            case SCHEMAS -> Set.of("pg_namespace");
            // Row types and their arrays come with the table and are no reason; Affected tells which are.
            case TYPES -> Set.of("types");
            case ROUTINES -> Set.of("pg_proc");
            case EXTENSIONS -> Set.of("pg_extension");
            case PUBLICATIONS -> Set.of("pg_publication", "pg_publication_rel", "pg_publication_namespace");
            case EVENT_TRIGGERS -> Set.of("pg_event_trigger");
            case DEFAULT_PRIVILEGES -> Set.of("pg_default_acl");
            case OTHERS ->
                Set.of(
                        "pg_operator",
                        "pg_opclass",
                        "pg_opfamily",
                        "pg_cast",
                        "pg_collation",
                        "pg_conversion",
                        "pg_ts_config",
                        "pg_ts_dict",
                        "pg_ts_parser",
                        "pg_ts_template",
                        "pg_foreign_data_wrapper",
                        "pg_foreign_server",
                        "pg_user_mapping",
                        "pg_language",
                        "pg_transform",
                        "pg_am");
        };
    }

    boolean isIn(Set<String> touchedCatalogs) {
        return catalogs().stream().anyMatch(touchedCatalogs::contains);
    }

    /** The group of an object that has no other for its root. */
    static Group of(Kind kind) {
        return switch (kind) {
            case TABLE,
                    FOREIGN_TABLE,
                    VIEW,
                    MATERIALIZED_VIEW,
                    COMPOSITE_TYPE,
                    SEQUENCE,
                    COLUMN,
                    CONSTRAINT,
                    INDEX,
                    STATISTICS,
                    TRIGGER,
                    RULE,
                    POLICY,
                    PRIVILEGES -> RELATIONS;
            case SCHEMA -> SCHEMAS;
            case ENUM, DOMAIN, RANGE_TYPE, BASE_TYPE -> TYPES;
            case FUNCTION, PROCEDURE, AGGREGATE -> ROUTINES;
            case EXTENSION -> EXTENSIONS;
            case PUBLICATION -> PUBLICATIONS;
            case EVENT_TRIGGER -> EVENT_TRIGGERS;
            case DEFAULT_PRIVILEGES -> DEFAULT_PRIVILEGES;
            case OTHER -> OTHERS;
        };
    }
}
