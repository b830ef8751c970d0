package dev.imprimatur.migrations.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.MigrationFolder;
import dev.imprimatur.migrations.Migrator;
import dev.imprimatur.migrations.TestDatabase;
import dev.imprimatur.migrations.rows.GeneratedRows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class OurWorkloadTest {

    @Test
    void ourOwnQueriesAllPlanAndADroppedColumnIsMissed() throws SQLException {
        Workload workload = Workload.ofFile(Path.of("../db/workload.sql"));
        MigrationFolder folder = MigrationFolder.read(Path.of("../db/migrations"));
        try (TestDatabase database = new TestDatabase();
                Connection connection = database.open()) {
            for (int number = 0; number < folder.migrations().size(); number++) {
                new Migrator(database.url(), folder).up(number);
                GeneratedRows.DEFAULT.fill(connection);
            }
            Probe before = workload.probe(connection);
            Coverage coverage = before.coverage();
            assertThat(coverage.planned()).as(coverage.toString()).isEqualTo(coverage.texts());
            assertThat(coverage.ran()).as(coverage.toString()).isGreaterThanOrEqualTo(8);

            connection.setAutoCommit(false);
            Stage.run(connection, "ALTER TABLE comments DROP body");
            assertThat(workload.probe(connection, before).brokenSince(before))
                    .extracting(Broken::kind)
                    .containsExactlyInAnyOrder(Broken.Kind.READER, Broken.Kind.WRITER);
            connection.rollback();
        }
    }
}
