package dev.imprimatur.migrations.rehearse;

/** How objects are called in a report. */
final class Names {

    private Names() {}

    /** Without the schema that everybody means. */
    static String shown(String table) {
        if (table.equals(LargeObjects.NAME)) {
            return "large objects";
        }
        return table.startsWith("public.") ? table.substring("public.".length()) : table;
    }

    static String table(String table) {
        return table.equals(LargeObjects.NAME) ? "large objects" : "table " + shown(table);
    }
}
