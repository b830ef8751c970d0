package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumTest {

    private static final String SQL = "CREATE TABLE a (id int DEFAULT 1+2, t text DEFAULT 'x  y');";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE a (id int DEFAULT 1+2, t text DEFAULT 'x  y')",
                "-- why\nCREATE TABLE a (id int DEFAULT 1 + 2, t text DEFAULT 'x  y');\n\n;",
                "CREATE TABLE a(\r\n  id int DEFAULT 1+2,\r\n  t text DEFAULT 'x  y'\r\n);\r\n",
                "/* a /* b */ */ CREATE/**/TABLE a (id int DEFAULT 1+2 , t text DEFAULT 'x  y') ; -- end"
            })
    void commentsAndWhiteSpaceDoNotCount(String same) {
        assertThat(Checksum.of(same)).isEqualTo(Checksum.of(SQL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE a (id int DEFAULT 1+2, t text DEFAULT 'x y');",
                "CREATE TABLE b (id int DEFAULT 1+2, t text DEFAULT 'x  y');",
                "CREATE TABLE a (id int DEFAULT 12, t text DEFAULT 'x  y');",
                "CREATE TABLE a (id int DEFAULT 1+2); t text DEFAULT 'x  y';",
                "CREATE TABLEa (id int DEFAULT 1+2, t text DEFAULT 'x  y');"
            })
    void everyOtherChangeCounts(String other) {
        assertThat(Checksum.of(other)).isNotEqualTo(Checksum.of(SQL));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DO $$ a b $$|DO $$ a  b $$",
                "SELECT \"a b\"|SELECT \"a  b\"",
                "SELECT 1; SELECT 2|SELECT 1 SELECT 2"
            })
    void whiteSpaceInsideQuotesCounts(String one, String other) {
        assertThat(Checksum.of(one)).isNotEqualTo(Checksum.of(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DO $$ a\n b $$", "SELECT 'a\nb'"})
    void carriageReturnsOfACheckoutAreNoChangeEvenInsideQuotes(String sql) {
        assertThat(Checksum.of(sql.replace("\n", "\r\n"))).isEqualTo(Checksum.of(sql));
    }
}
