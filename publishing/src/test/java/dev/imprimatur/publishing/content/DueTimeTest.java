package dev.imprimatur.publishing.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.publishing.Chance;
import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DueTimeTest {

    private static RefusedException refusalOf(String text) {
        return catchThrowableOfType(RefusedException.class, () -> DueTime.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-12-01T09:00 Europe/Berlin,             2026-12-01T08:00:00Z, Europe/Berlin",
        "2026-12-01 09:00 Europe/Berlin,             2026-12-01T08:00:00Z, Europe/Berlin",
        "2026-12-01T09:00:30 Europe/Berlin,          2026-12-01T08:00:30Z, Europe/Berlin",
        "2026-12-01T09:00+01:00,                     2026-12-01T08:00:00Z, +01:00",
        "2026-12-01 09:00 +01:00,                    2026-12-01T08:00:00Z, +01:00",
        "2026-12-01T09:00+01:00[Europe/Berlin],      2026-12-01T08:00:00Z, Europe/Berlin",
        "2026-12-01T08:00Z,                          2026-12-01T08:00:00Z, Z",
        "2026-12-01T08:00:00Z[UTC],                  2026-12-01T08:00:00Z, UTC",
        "2026-12-01T08:00 UTC,                       2026-12-01T08:00:00Z, UTC",
        "2026-07-01T09:00 America/Argentina/Ushuaia, 2026-07-01T12:00:00Z, America/Argentina/Ushuaia",
        "2026-12-01T09:00 Asia/Kathmandu,            2026-12-01T03:15:00Z, Asia/Kathmandu"
    })
    void eachWrittenFormNamesItsInstantAndKeepsTheWallClock(String text, Instant instant, String zone) {
        DueTime due = DueTime.parse(text);

        assertThat(due.instant()).isEqualTo(instant);
        assertThat(due.zone()).isEqualTo(ZoneId.of(zone));
        assertThat(due.local()).isEqualTo(LocalDateTime.ofInstant(instant, due.zone()));
        assertThat(DueTime.parse(due.toString())).isEqualTo(due);
    }

    @Test
    void aTimeWithoutAZoneIsRefused() {
        RefusedException refusal = refusalOf("2026-12-01T09:00");

        assertThat(refusal.code()).isEqualTo(ErrorCode.TIME_ZONE_MISSING);
        assertThat(refusal.detail())
                .isEqualTo("2026-12-01T09:00 has no time zone; write it like 2026-12-01T09:00 Europe/Berlin, "
                        + "2026-12-01T09:00+01:00 or 2026-12-01T08:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Bielefeld", "CEST", "GMT+1", "UTC+01:00", "Berlin", "Europe/Berlin please"})
    void anUnknownZoneIsRefused(String zone) {
        RefusedException refusal = refusalOf("2026-12-01T09:00 " + zone);

        assertThat(refusal.code()).isEqualTo(ErrorCode.TIME_ZONE_UNKNOWN);
        assertThat(refusal.detail()).contains("\"" + zone + "\"");
    }

    @Test
    void aZoneInTheWrongCaseIsToldTheRightOne() {
        assertThat(refusalOf("2026-12-01T09:00 europe/berlin").detail())
                .isEqualTo("there is no time zone \"europe/berlin\"; write Europe/Berlin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "2026-12-01",
                "09:00 Europe/Berlin",
                "1 December 2026 09:00 Europe/Berlin",
                "2026-02-30T09:00 Europe/Berlin",
                "2026-13-01T09:00Z",
                "2026-12-01T24:00Z",
                "2026-12-01T09:60Z",
                "2026-12-01T9:00Z",
                "2026-12-01t09:00z",
                "2026-12-01T09:00+19:00",
                "2026-12-01T09:00+0100",
                "2026-12-01T09:00Z ",
                " 2026-12-01T09:00Z",
                "2026-12-01T09:00Z\n",
                "2026-12-01T09:00+01:00[Europe/Berlin",
                "12026-12-01T09:00Z"
            })
    void whatIsNoTimeIsRefused(String text) {
        RefusedException refusal = refusalOf(text);

        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.TIME_MALFORMED);
    }

    @Test
    void aTimeThatTheClocksSkipIsRefusedAndItsNeighboursAreNamed() {
        RefusedException refusal = refusalOf("2026-03-29T02:30 Europe/Berlin");

        assertThat(refusal.code()).isEqualTo(ErrorCode.TIME_DOES_NOT_EXIST);
        assertThat(refusal.detail())
                .isEqualTo("2026-03-29T02:30 does not exist in Europe/Berlin: its clocks jump from 2026-03-29T02:00 "
                        + "to 2026-03-29T03:00. The nearest times are 2026-03-29T01:59 and 2026-03-29T03:00");
        assertThat(refusalOf("2026-03-29T02:30+01:00[Europe/Berlin]").code()).isEqualTo(ErrorCode.TIME_DOES_NOT_EXIST);
        assertThat(refusalOf("2011-12-30T12:00 Pacific/Apia").detail())
                .contains("2011-12-29T23:59", "2011-12-31T00:00");
        assertThatCode(() -> DueTime.parse("2026-03-29T01:59 Europe/Berlin")).doesNotThrowAnyException();
        assertThatCode(() -> DueTime.parse("2026-03-29T03:00 Europe/Berlin")).doesNotThrowAnyException();
    }

    @Test
    void aTimeThatHappensTwiceIsRefusedAndBothWaysToSettleItAreNamed() {
        RefusedException refusal = refusalOf("2026-10-25T02:30 Europe/Berlin");

        assertThat(refusal.code()).isEqualTo(ErrorCode.TIME_AMBIGUOUS);
        assertThat(refusal.detail())
                .isEqualTo("2026-10-25T02:30 happens twice in Europe/Berlin: at 2026-10-25T00:30:00Z and at "
                        + "2026-10-25T01:30:00Z. Write 2026-10-25T02:30+02:00[Europe/Berlin] or "
                        + "2026-10-25T02:30+01:00[Europe/Berlin]");
        assertThat(DueTime.parse("2026-10-25T02:30+02:00[Europe/Berlin]").instant())
                .isEqualTo("2026-10-25T00:30:00Z");
        assertThat(DueTime.parse("2026-10-25T02:30+01:00[Europe/Berlin]").instant())
                .isEqualTo("2026-10-25T01:30:00Z");
    }

    @Test
    void anOffsetThatTheZoneDoesNotHaveThenIsRefused() {
        RefusedException refusal = refusalOf("2026-07-01T09:00+01:00[Europe/Berlin]");

        assertThat(refusal.code()).isEqualTo(ErrorCode.TIME_OFFSET_WRONG);
        assertThat(refusal.detail())
                .isEqualTo("Europe/Berlin is not at +01:00 at that time; write 2026-07-01T09:00+02:00[Europe/Berlin]");
        assertThat(refusalOf("2026-10-25T02:30+03:00[Europe/Berlin]").code()).isEqualTo(ErrorCode.TIME_OFFSET_WRONG);
    }

    @Test
    void whatIsNotInTheFutureIsRefused() {
        DueTime due = DueTime.parse("2026-12-01T09:00 Europe/Berlin");

        assertThatCode(() -> due.requireFuture(Instant.parse("2026-12-01T07:59:59Z")))
                .doesNotThrowAnyException();
        RefusedException refusal = catchThrowableOfType(
                RefusedException.class, () -> due.requireFuture(Instant.parse("2026-12-01T08:00:00Z")));
        assertThat(refusal.code()).isEqualTo(ErrorCode.DUE_IN_THE_PAST);
        assertThat(refusal.detail())
                .isEqualTo("2026-12-01T09:00 Europe/Berlin lies in the past: it is 2026-12-01T09:00 Europe/Berlin now");
    }

    @Test
    void anyInstantInAnyZoneIsReadBackFromItsText() {
        long from = Instant.parse("2020-01-01T00:00:00Z").getEpochSecond();
        long to = Instant.parse("2060-01-01T00:00:00Z").getEpochSecond();
        String[] zones = ZoneId.getAvailableZoneIds().stream().sorted().toArray(String[]::new);
        Chance.tries(1_000, chance -> {
            Instant instant = Instant.ofEpochSecond(chance.between(from, to));
            ZoneId zone = chance.toss()
                    ? ZoneId.of(chance.of(zones))
                    : ZoneOffset.ofTotalSeconds((int) chance.between(-1080, 1080) * 60);

            DueTime due = DueTime.at(instant, zone);

            assertThat(DueTime.parse(due.toString())).isEqualTo(due);
            assertThat(due.instant()).isEqualTo(instant);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"-18:00", "+18:00", "Z", "Africa/Abidjan", "Zulu"})
    void theEndsOfWhatIsPossibleAreReadBackToo(ZoneId zone) {
        for (String text : new String[] {"2020-01-01T00:00:00Z", "2060-01-01T00:00:00Z"}) {
            DueTime due = DueTime.at(Instant.parse(text), zone);

            assertThat(DueTime.parse(due.toString())).isEqualTo(due);
        }
    }
}
