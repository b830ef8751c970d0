package dev.imprimatur.publishing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    postgres://me:pw@db.example/posts | db.example | 5432 | posts | me | pw
                    postgresql://me:pw@db.example:6543/posts | db.example | 6543 | posts | me | pw
                    postgres://me@localhost/posts | localhost | 5432 | posts | me | -
                    postgres://me:p%40%3A%2F%3F%23%25@h/posts | h | 5432 | posts | me | p@:/?#%
                    postgres://me:p@w@h/posts | h | 5432 | posts | me | p@w
                    postgres://me:a+b:c@h/posts | h | 5432 | posts | me | a+b:c
                    postgres://m%C3%BCller:pw@h/pr%C3%A4sent | h | 5432 | präsent | müller | pw
                    postgres://me:pw@[::1]:5433/posts | [::1] | 5433 | posts | me | pw
                    postgres://me:pw@[2001:db8::7]/posts?sslmode=require | [2001:db8::7] | 5432 | posts | me | pw
                    """)
    void isRead(String text, String host, int port, String database, String user, String password) {
        DatabaseUrl url = DatabaseUrl.parse(text);
        assertThat(url.host()).isEqualTo(host);
        assertThat(url.port()).isEqualTo(port);
        assertThat(url.database()).isEqualTo(database);
        assertThat(url.user()).isEqualTo(user);
        assertThat(url.password()).isEqualTo(password);
        assertThat(url.properties().getProperty("user")).isEqualTo(user);
        assertThat(url.properties().getProperty("password")).isEqualTo(password);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                          | does not begin with postgres://
                    mysql://me:hush@h/posts                     | does not begin with postgres://
                    jdbc:postgresql://h/posts?password=hush     | begins with jdbc:
                    postgres:///posts                           | has no user
                    postgres://h/posts                          | has no user
                    postgres://:hush@h/posts                    | has no user
                    postgres://me:hush@/posts                   | has no single host
                    postgres://me:hush@a,b:1/posts              | has no single host
                    postgres://me:hush@::1/posts                | has no single host
                    postgres://me:hush@h                        | does not name one database
                    postgres://me:hush@h/                       | does not name one database
                    postgres://me:hush@h/a/b                    | does not name one database
                    postgres://me:hush@h:0/posts                | has no port from 1 to 65535
                    postgres://me:hush@h:65536/posts            | has no port from 1 to 65535
                    postgres://me:hush@h:x/posts                | has no port from 1 to 65535
                    postgres://me:hu%sh@h/posts                 | has a % in its password
                    postgres://me:hush%@h/posts                 | has a % in its password
                    postgres://me:hush@h/po%00sts               | has a zero byte in its database
                    postgres://me:hush@h/posts?ssl_mode=require | has the unknown parameter ssl_mode
                    postgres://me:hush@h/posts?sslmode          | has the parameter sslmode without a value
                    postgres://me:hush@h/posts?sslmode=on       | has sslmode=on
                    postgres://me:hush@h/p?sslmode=allow&sslmode=allow | has the parameter sslmode twice
                    """)
    void isRefusedWithWhatToWriteAndWithoutThePassword(String text, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseUrl.parse(text))
                .withMessageContaining("DATABASE_URL")
                .withMessageContaining(why)
                .withMessageContaining("Write postgres://user:password@host:5432/database")
                .withMessageNotContaining("hush");
    }

    @Test
    void aPasswordWithASlashIsNotShownAsAPort() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseUrl.parse("postgres://me:hu/sh@h/posts"))
                .withMessageNotContaining("hu/sh")
                .withMessageNotContaining("sh@h");
    }

    @Test
    void speaksTheDriversLanguage() {
        DatabaseUrl url = DatabaseUrl.parse("postgres://me:hush@[::1]/a%20b%2Bc"
                + "?sslmode=verify-full&sslrootcert=system&connect_timeout=3&options=-c%20jit%3Doff");
        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5432/a+b%2Bc");
        assertThat(url.properties())
                .containsAllEntriesOf(Map.of(
                        "sslmode", "verify-full",
                        "sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory",
                        "connectTimeout", "3",
                        "options", "-c jit=off"));
    }

    @Test
    void isShownWithoutItsPassword() {
        DatabaseUrl url = DatabaseUrl.parse("postgres://m%C3%BC:hush@h/posts?sslmode=require");
        assertThat(url).hasToString("postgres://m%C3%BC:***@h:5432/posts?sslmode=require");
        assertThat(DatabaseUrl.parse("postgres://me@h/posts")).hasToString("postgres://me@h:5432/posts");
    }
}
