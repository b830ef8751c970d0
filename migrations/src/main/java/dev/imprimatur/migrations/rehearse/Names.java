package dev.imprimatur.migrations.rehearse;

/** How objects are called in a report. */
final class Names {

    private Names() {}

    /** Without the schema that everybody means. */
    static String shown(String table) {
        return table.startsWith("public.") ? table.substring("public.".length()) : table;
    }

    static String table(String table) {
        return "table " + shown(table);
    }
}
