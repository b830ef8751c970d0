package dev.imprimatur.migrations.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    private static String fingerprint(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            return Snapshot.read(connection).fingerprint();
        }
    }

    @Test
    void equalCatalogsOfTwoDatabasesHaveOneFingerprintAndAChangeHasAnother() throws SQLException {
        String schema = "CREATE TABLE posts (id int, slug text)";
        try (TestDatabase one = new TestDatabase();
                TestDatabase other = new TestDatabase()) {
            one.run(schema);
            other.run("CREATE TABLE before (); " + schema + "; DROP TABLE before");
            assertThat(fingerprint(one)).matches("[0-9a-f]{64}").isEqualTo(fingerprint(other));
            one.run("INSERT INTO posts VALUES (1, 'rows do not count')");
            assertThat(fingerprint(one)).isEqualTo(fingerprint(other));
            one.run("ALTER TABLE posts ALTER slug SET DEFAULT ''");
            assertThat(fingerprint(one)).isNotEqualTo(fingerprint(other));
        }
    }
}
