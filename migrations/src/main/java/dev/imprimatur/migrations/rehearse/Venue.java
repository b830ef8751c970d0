package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.DatabaseUrl;

/** Where a rehearsal takes place. */
public sealed interface Venue {

    /** A PostgreSQL 17 of this tool's own, in a temporary folder, that ends with the rehearsal. */
    record Embedded() implements Venue {}

    /** Copies of this database, made on its own server and dropped again. The role may create databases. */
    record CopiesOf(DatabaseUrl url) implements Venue {}

    /** This database itself, which the rehearsal changes and takes back: one that nobody needs. */
    record InPlace(DatabaseUrl url) implements Venue {}
}
