package dev.imprimatur.migrations.rows;

/** How a column's values are compared. */
public sealed interface ComparedColumn {

    /** What is hashed for the column. */
    String hashed(String column);

    record AsItIs(ColumnType type) implements ComparedColumn {
        @Override
        public String hashed(String column) {
            return type.hashed(column);
        }
    }

    /** The column's type is about to change: what matters is what its values will be. */
    record CastTo(ColumnType type) implements ComparedColumn {
        @Override
        public String hashed(String column) {
            return type.hashed("(" + column + ")::" + type.name());
        }
    }

    /** There is no cast, or not yet the type: the value as the server writes it. */
    record AsText(ColumnType type) implements ComparedColumn {
        @Override
        public String hashed(String column) {
            return type.asText(column);
        }
    }

    /** The values are another each time; what matters is whether there is one. */
    record Presence() implements ComparedColumn {
        @Override
        public String hashed(String column) {
            // A composite value of nothing but nulls IS NULL too, and is there all the same.
            return "(" + column + " IS NOT DISTINCT FROM NULL)";
        }
    }
}
