package dev.imprimatur.migrations.snapshot;

import static dev.imprimatur.migrations.snapshot.EffectClass.ADDITIVE;
import static dev.imprimatur.migrations.snapshot.EffectClass.DESTRUCTIVE;
import static dev.imprimatur.migrations.snapshot.EffectClass.RESTRICTIVE;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a column's new type holds every old value in the same form. Wider is additive, narrower is restrictive, and
 * anything else is destructive: old code would read something of another kind.
 */
final class TypeChange {

    private static final List<List<String>> LADDERS =
            List.of(List.of("smallint", "integer", "bigint"), List.of("real", "double precision"));
    private static final Pattern MODIFIED = Pattern.compile("([^(]+?)\\((\\d+)(?:,(\\d+))?\\)(.*)");
    private static final int UNLIMITED = Integer.MAX_VALUE;

    private record Shape(String base, int size, int scale) {

        static Shape of(String type) {
            Matcher modified = MODIFIED.matcher(type);
            if (modified.matches()) {
                String scale = modified.group(3);
                return new Shape(
                        family(modified.group(1) + modified.group(4)),
                        Integer.parseInt(modified.group(2)),
                        scale == null ? 0 : Integer.parseInt(scale));
            }
            return new Shape(family(type), UNLIMITED, UNLIMITED);
        }

        private static String family(String base) {
            return base.equals("character varying") ? "text" : base;
        }

        /** Whether every value of {@code other} fits into this, with all its digits. */
        boolean holds(Shape other) {
            if (!base.equals("numeric")) {
                return size >= other.size;
            }
            return size == UNLIMITED
                    || (other.size != UNLIMITED && scale >= other.scale && size - scale >= other.size - other.scale);
        }
    }

    private TypeChange() {}

    static EffectClass judge(String was, String is) {
        for (List<String> ladder : LADDERS) {
            if (ladder.contains(was) && ladder.contains(is)) {
                return ladder.indexOf(is) > ladder.indexOf(was) ? ADDITIVE : RESTRICTIVE;
            }
        }
        Shape old = Shape.of(was);
        Shape now = Shape.of(is);
        // A longer char pads its values with more blanks: another form.
        if (!old.base().equals(now.base()) || old.base().equals("character")) {
            return DESTRUCTIVE;
        }
        return now.holds(old) ? ADDITIVE : RESTRICTIVE;
    }
}
