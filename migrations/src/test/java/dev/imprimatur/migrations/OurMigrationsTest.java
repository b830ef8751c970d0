package dev.imprimatur.migrations;

import dev.imprimatur.migrations.junit.Rehearsed;

class OurMigrationsTest {

    @Rehearsed("../db/migrations")
    void comeBackWithRowsInTheTables() {}
}
