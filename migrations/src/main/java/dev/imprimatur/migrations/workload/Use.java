package dev.imprimatur.migrations.workload;

import java.util.List;

/**
 * What a statement does with a parameter.
 *
 * @param tables the names, as they stand in the text, of those that may be meant, the likeliest first
 * @param column its unquoted name
 * @param how compared with the column, or written into it
 * @param array whether the parameter holds several values
 */
record Use(List<String> tables, String column, How how, boolean array) {

    enum How {
        COMPARED,
        INSERTED,
        UPDATED
    }

    Use {
        tables = List.copyOf(tables);
    }
}
