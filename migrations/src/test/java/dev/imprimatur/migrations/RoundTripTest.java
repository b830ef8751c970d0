package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.Migrator.Loss;
import dev.imprimatur.migrations.snapshot.Effect;
import dev.imprimatur.migrations.snapshot.EffectClass;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoundTripTest {

    static Stream<Path> chains() throws Exception {
        return Stream.of(fixture(), Path.of(System.getProperty("imprimatur.home", ".."), "db", "migrations"));
    }

    private static Path fixture() throws Exception {
        return Path.of(RoundTripTest.class.getResource("/chain").toURI());
    }

    private static Snapshot snapshot(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            return Snapshot.read(connection);
        }
    }

    /** Each contract waits until the release before it was deployed. */
    private static void up(Migrator migrator, int to) {
        while ((to == Integer.MAX_VALUE ? migrator.up() : migrator.up(to))
                .waiting()
                .isPresent()) {
            migrator.deployed("a release");
        }
    }

    @ParameterizedTest
    @MethodSource("chains")
    void upAndDownAndUpAgainEndInTheSameCatalogs(Path path) throws Exception {
        MigrationFolder folder = MigrationFolder.read(path);
        assertThat(folder.findings()).isEmpty();
        try (TestDatabase database = new TestDatabase()) {
            Migrator migrator = new Migrator(database.url(), folder);
            Snapshot empty = snapshot(database);
            migrator.up(0);
            Snapshot baseline = snapshot(database);
            up(migrator, Integer.MAX_VALUE);
            Snapshot all = snapshot(database);
            assertThat(empty.effectsTo(all)).isNotEmpty();

            migrator.downTo(0, Loss.ACCEPTED);
            assertThat(baseline.effectsTo(snapshot(database))).isEmpty();
            up(migrator, Integer.MAX_VALUE);
            assertThat(all.effectsTo(snapshot(database))).isEmpty();
            migrator.downAll(Loss.ACCEPTED);
            assertThat(empty.effectsTo(snapshot(database))).isEmpty();
            up(migrator, Integer.MAX_VALUE);
            assertThat(all.effectsTo(snapshot(database))).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("chains")
    void eachStepAloneReturnsToTheCatalogBeforeIt(Path path) throws Exception {
        MigrationFolder folder = MigrationFolder.read(path);
        try (TestDatabase database = new TestDatabase()) {
            Migrator migrator = new Migrator(database.url(), folder);
            for (Migration migration : folder.migrations()) {
                Snapshot before = snapshot(database);
                up(migrator, migration.number());
                Snapshot after = snapshot(database);
                migrator.downOne(Loss.ACCEPTED);
                assertThat(before.effectsTo(snapshot(database)))
                        .as(migration.name())
                        .isEmpty();
                up(migrator, migration.number());
                assertThat(after.effectsTo(snapshot(database)))
                        .as(migration.name())
                        .isEmpty();
            }
        }
    }

    @Test
    void thePhasesOfTheFixtureShowInItsEffects() throws Exception {
        MigrationFolder folder = MigrationFolder.read(fixture());
        try (TestDatabase database = new TestDatabase()) {
            Migrator migrator = new Migrator(database.url(), folder);
            List<List<String>> told = new ArrayList<>();
            List<EffectClass> worst = new ArrayList<>();
            for (Migration migration : folder.migrations()) {
                Snapshot before = snapshot(database);
                up(migrator, migration.number());
                List<Effect> effects = before.effectsTo(snapshot(database));
                told.add(effects.stream().map(Effect::line).toList());
                effects.stream()
                        .map(Effect::effectClass)
                        .max(EffectClass::compareTo)
                        .ifPresent(worst::add);
            }
            assertThat(told.get(1))
                    .containsExactly(
                            "new column posts.slug", "new function posts_slug()", "new trigger posts.posts_slug");
            assertThat(told.get(2)).isEmpty();
            assertThat(told.get(3)).containsExactly("new index posts_slug_key");
            assertThat(told.get(4))
                    .contains("column posts.slug is now NOT NULL", "new constraint posts.posts_slug_key");
            assertThat(told.get(5))
                    .containsExactly("function posts_slug() is gone", "trigger posts.posts_slug is gone");
            assertThat(worst.getFirst()).isEqualTo(EffectClass.ADDITIVE);
            assertThat(worst.getLast()).isEqualTo(EffectClass.DESTRUCTIVE);
        }
    }
}
