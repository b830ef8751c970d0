package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.migrations.MigrationException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {

    @Test
    void readsEveryPartDecoded() {
        DatabaseUrl url = DatabaseUrl.parse(
                "postgresql://b%C3%B6b:p%40ss%3A%2F%25@db.example:6432/my%20db?sslmode=require&connect_timeout=3"
                        + "&options=-c%20search_path%3Dapp&application_name=it");
        assertThat(url.user()).isEqualTo("böb");
        assertThat(url.password()).contains("p@ss:/%");
        assertThat(url.host()).isEqualTo("db.example");
        assertThat(url.port()).isEqualTo(6432);
        assertThat(url.database()).isEqualTo("my db");
        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6432/my%20db");
        assertThat(url.properties())
                .containsEntry("sslmode", "require")
                .containsEntry("connectTimeout", "3")
                .containsEntry("options", "-c search_path=app")
                .containsEntry("ApplicationName", "it");
    }

    @Test
    void missingPartsDefaultAsInLibpq() {
        DatabaseUrl url = DatabaseUrl.parse("postgres://");
        assertThat(url.host()).isEqualTo("localhost");
        assertThat(url.port()).isEqualTo(5432);
        assertThat(url.user()).isEqualTo(System.getProperty("user.name"));
        assertThat(url.database()).isEqualTo(url.user());
        assertThat(DatabaseUrl.parse("postgres://me@").database()).isEqualTo("me");
        assertThat(DatabaseUrl.parse("postgres://h/d?user=u&password=p").password())
                .contains("p");
    }

    @Test
    void readsAnAddressOfIpv6() {
        DatabaseUrl url = DatabaseUrl.parse("postgres://u@[::1]:5433/d");
        assertThat(url.host()).isEqualTo("::1");
        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5433/d");
        assertThat(url).hasToString("u@[::1]:5433/d");
    }

    @Test
    void aPasswordMayHoldABareSlashOrAtSign() {
        assertThat(DatabaseUrl.parse("postgres://u:a/b@c@h/d").password()).contains("a/b@c");
    }

    @Test
    void neverShowsThePassword() {
        assertThat(DatabaseUrl.parse("postgres://me:geheim@h/d?sslpassword=geheim")
                        .toString())
                .doesNotContain("geheim");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mysql://h/d|begin with postgres://",
                "jdbc:postgresql://h/d|begin with postgres://",
                "postgres://u:geheim@h:port/d|port",
                "postgres://u:geheim@h:70000/d|65535",
                "postgres://u:geheim%@h/d|password holds a %",
                "postgres://u:geheim%ff@h/d|not UTF-8",
                "postgres://u:geheim%00@h/d|%00",
                "postgres://u:geheim#1@h/d|%23",
                "postgres://u:geheim@h1,h2/d|several hosts",
                "postgres://u:geheim@[::1/d|not closed",
                "postgres://u:geheim@%2Ftmp/d|socket",
                "postgres://u:geheim@h/a/b|slash",
                "postgres://u:geheim@h/d?sslmod=require|no parameter sslmod",
                "postgres://u:geheim@h/d?sslmode|sslmode has no value"
            })
    void saysWhatIsWrongAndNotThePassword(String url, String what) {
        MigrationException refused = catchThrowableOfType(MigrationException.class, () -> DatabaseUrl.parse(url));
        assertThat(refused.reason()).isEqualTo(Reason.USAGE);
        assertThat(refused).hasMessageContaining(what).hasMessageNotContaining("geheim");
    }
}
