package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.Migrator.Loss;
import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.rows.GeneratedRows;
import dev.imprimatur.migrations.snapshot.Effect;
import dev.imprimatur.migrations.snapshot.EffectClass;
import dev.imprimatur.migrations.snapshot.Kind;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HundredStepsTest {

    @Test
    void everyStepGoesThereBackAndThereAgainWithRowsInTheTables(@TempDir Path path) throws Exception {
        HundredSteps.write(path, Layout.IMPRIMATUR);
        MigrationFolder folder = MigrationFolder.read(path);
        assertThat(folder.findings()).isEmpty();
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        SoftAssertions soft = new SoftAssertions();
        try (TestDatabase database = new TestDatabase();
                Connection connection = database.open()) {
            Snapshot empty = Snapshot.read(connection);
            Snapshot before = empty;
            Migrator migrator = new Migrator(database.url(), folder);
            for (Migration migration : folder.migrations()) {
                upWhenDeployed(migrator, migration);
                Snapshot after = Snapshot.read(connection);
                migrator.downOne(Loss.ACCEPTED);
                soft.assertThat(before.effectsTo(Snapshot.read(connection)))
                        .as("back from " + migration.name())
                        .isEmpty();
                upWhenDeployed(migrator, migration);
                Snapshot again = Snapshot.read(connection);
                soft.assertThat(after.effectsTo(again))
                        .as("again " + migration.name())
                        .isEmpty();
                soft.assertThat(strays(migration, before.effectsTo(after)))
                        .as("outside the phase of " + migration.name())
                        .isEmpty();
                kinds.addAll(after.counts().keySet());
                soft.assertThat(GeneratedRows.DEFAULT.fill(connection).empty())
                        .as("empty after " + migration.name())
                        .isEmpty();
                before = again;
            }
            migrator.downAll(Loss.ACCEPTED);
            soft.assertThat(empty.effectsTo(Snapshot.read(connection))).isEmpty();
        }
        soft.assertThat(kinds).isEqualTo(EnumSet.allOf(Kind.class));
        soft.assertAll();
    }

    /** A contract waits until the release before it was deployed. */
    private static void upWhenDeployed(Migrator migrator, Migration migration) {
        if (migration.phase() == Phase.CONTRACT) {
            migrator.deployed("the release before " + migration.name());
        }
        migrator.up(migration.number());
    }

    /** The effects that are more than the phase allows. */
    private static List<String> strays(Migration migration, List<Effect> effects) {
        List<String> strays = new ArrayList<>();
        for (Effect effect : effects) {
            EffectClass is = effect.effectClass();
            boolean fits = switch (migration.phase()) {
                case BASELINE, CONTRACT -> true;
                case EXPAND -> is == EffectClass.ADDITIVE;
                case BACKFILL -> false;
                case CONSTRAIN -> is == EffectClass.ADDITIVE || is == EffectClass.RESTRICTIVE;
            };
            if (!fits) {
                strays.add(is + ": " + effect.line());
            }
        }
        boolean contracts = effects.stream().anyMatch(effect -> effect.effectClass() == EffectClass.DESTRUCTIVE);
        if (migration.phase() == Phase.CONTRACT && !contracts) {
            strays.add("nothing is contracted");
        }
        return strays;
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void eachLayoutHoldsAtLeastAHundredSteps(Layout layout, @TempDir Path path) throws Exception {
        HundredSteps.write(path, layout);
        long files;
        try (var all = Files.walk(path)) {
            files = all.filter(file -> file.toString().endsWith(".sql")).count();
        }
        int perStep = layout == Layout.GOOSE || layout == Layout.DBMATE ? 1 : 2;
        assertThat(files).isEqualTo((long) perStep * HundredSteps.steps().size());
        assertThat(HundredSteps.steps()).hasSizeGreaterThan(100);
    }
}
