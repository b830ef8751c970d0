package dev.imprimatur.publishing.content;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An instant, and the clock on the wall by which a person chose it. The two are kept side by side and not checked
 * against each other: a government may change a zone's rules after the choice was stored.
 */
public record DueTime(Instant instant, LocalDateTime local, ZoneId zone) {
    private static final String FORMS =
            "write it like 2026-12-01T09:00 Europe/Berlin, 2026-12-01T09:00+01:00 or 2026-12-01T08:00Z";
    private static final Pattern FORM = Pattern.compile("(?<date>\\d{4}-\\d{2}-\\d{2})[T ]"
            + "(?<time>\\d{2}:\\d{2}(?::\\d{2})?)"
            + "(?: ?(?<offset>Z|[+-]\\d{2}:\\d{2})(?:\\[(?<bracketed>[^\\[\\]]+)])?| (?<zone>[A-Za-z].*))?");

    /** The same instant on the wall clock of that zone, to the second. */
    public static DueTime at(Instant instant, ZoneId zone) {
        Instant second = instant.truncatedTo(ChronoUnit.SECONDS);
        return new DueTime(second, LocalDateTime.ofInstant(second, zone), zone);
    }

    /**
     * Reads {@code 2026-12-01T09:00 Europe/Berlin}, {@code 2026-12-01T09:00+01:00[Europe/Berlin]},
     * {@code 2026-12-01T09:00+01:00} or {@code 2026-12-01T08:00Z}; the T may be a blank, and seconds may follow.
     *
     * @throws RefusedException if it is none of these, or names no instant or two of them
     */
    public static DueTime parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new RefusedException(
                    ErrorCode.TIME_MALFORMED, "\"%s\" is not a time; %s".formatted(shortened(text), FORMS));
        }
        LocalDateTime local = localOf(form.group("date"), form.group("time"));
        String offset = form.group("offset");
        String zone = form.group("bracketed") != null ? form.group("bracketed") : form.group("zone");
        if (offset == null && zone == null) {
            throw new RefusedException(ErrorCode.TIME_ZONE_MISSING, "%s has no time zone; %s".formatted(local, FORMS));
        }
        if (zone == null) {
            ZoneOffset fixed = offsetOf(offset);
            return new DueTime(local.toInstant(fixed), local, fixed);
        }
        return inZone(local, zoneOf(zone), offset == null ? null : offsetOf(offset));
    }

    private static DueTime inZone(LocalDateTime local, ZoneId zone, @Nullable ZoneOffset wanted) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
            ZoneOffsetTransition gap = zone.getRules().getTransition(local);
            throw new RefusedException(
                    ErrorCode.TIME_DOES_NOT_EXIST,
                    "%s does not exist in %s: its clocks jump from %s to %s. The nearest times are %s and %s"
                            .formatted(
                                    local,
                                    zone,
                                    gap.getDateTimeBefore(),
                                    gap.getDateTimeAfter(),
                                    gap.getDateTimeBefore().minusMinutes(1),
                                    gap.getDateTimeAfter()));
        }
        if (wanted != null && !offsets.contains(wanted)) {
            ZoneOffset right = offsets.getFirst();
            throw new RefusedException(
                    ErrorCode.TIME_OFFSET_WRONG,
                    "%s is not at %s at that time; write %s%s[%s]".formatted(zone, wanted, local, right, zone));
        }
        if (wanted == null && offsets.size() > 1) {
            ZoneOffset first = offsets.getFirst();
            ZoneOffset second = offsets.getLast();
            throw new RefusedException(
                    ErrorCode.TIME_AMBIGUOUS,
                    "%1$s happens twice in %2$s: at %5$s and at %6$s. Write %1$s%3$s[%2$s] or %1$s%4$s[%2$s]"
                            .formatted(local, zone, first, second, local.toInstant(first), local.toInstant(second)));
        }
        return new DueTime(local.toInstant(wanted == null ? offsets.getFirst() : wanted), local, zone);
    }

    private static LocalDateTime localOf(String date, String time) {
        try {
            return LocalDateTime.of(LocalDate.parse(date), LocalTime.parse(time));
        } catch (DateTimeException e) {
            throw new RefusedException(
                    ErrorCode.TIME_MALFORMED, "no calendar has %s %s; %s".formatted(date, time, FORMS), e);
        }
    }

    private static ZoneOffset offsetOf(String offset) {
        try {
            return ZoneOffset.of(offset);
        } catch (DateTimeException e) {
            throw new RefusedException(ErrorCode.TIME_MALFORMED, "no clock on earth is at " + offset, e);
        }
    }

    // ZoneId.of would also take GMT+1 and the like, whose signs people read the wrong way round.
    private static ZoneId zoneOf(String name) {
        if (ZoneId.getAvailableZoneIds().contains(name)) {
            return ZoneId.of(name);
        }
        Optional<String> meant = ZoneId.getAvailableZoneIds().stream()
                .filter(name::equalsIgnoreCase)
                .findFirst();
        throw new RefusedException(
                ErrorCode.TIME_ZONE_UNKNOWN,
                "there is no time zone \"%s\"; write %s"
                        .formatted(shortened(name), meant.orElse("an IANA name like Europe/Berlin")));
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    /** Refuses what is now or was before. */
    public void requireFuture(Instant now) {
        if (!instant.isAfter(now)) {
            throw new RefusedException(
                    ErrorCode.DUE_IN_THE_PAST,
                    "%s lies in the past: it is %s now".formatted(this, DueTime.at(now, zone)));
        }
    }

    /** In a form that {@link #parse} reads back as the same; the offset is named only where it is needed. */
    @Override
    public String toString() {
        if (zone instanceof ZoneOffset) {
            return "" + local + zone;
        }
        boolean twice = zone.getRules().getValidOffsets(local).size() > 1;
        return twice
                ? "%s%s[%s]".formatted(local, zone.getRules().getOffset(instant), zone)
                : "%s %s".formatted(local, zone);
    }
}
