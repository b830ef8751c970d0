package dev.imprimatur.migrations.workload;

import java.util.Arrays;

/**
 * A version of the code that sends the queries. Compared number by number, so that 1.10 comes after 1.9; what is no
 * number is compared as text, {@code 2.0-rc1} comes before {@code 2.0}, and a {@code v} in front does not count.
 *
 * @param name as it stands in the file, without blanks around it
 */
public record Release(String name) implements Comparable<Release> {

    @Override
    public int compareTo(Release other) {
        String[] mine = parts();
        String[] theirs = other.parts();
        for (int i = 0; i < Math.min(mine.length, theirs.length); i++) {
            int order = compare(mine[i], theirs[i]);
            if (order != 0) {
                return order;
            }
        }
        if (mine.length != theirs.length) {
            String[] longer = mine.length > theirs.length ? mine : theirs;
            boolean isNumber = isNumber(longer[Math.min(mine.length, theirs.length)]);
            return (mine.length > theirs.length) == isNumber ? 1 : -1;
        }
        return name.compareTo(other.name);
    }

    private String[] parts() {
        return Arrays.stream(
                        name.replaceFirst("^[vV](?=\\d)", "").split("[.+_-]|(?<=\\d)(?=[a-zA-Z])|(?<=[a-zA-Z])(?=\\d)"))
                .filter(part -> !part.isEmpty())
                .toArray(String[]::new);
    }

    private static int compare(String one, String other) {
        if (isNumber(one) && isNumber(other)) {
            return Long.compare(Long.parseLong(one), Long.parseLong(other));
        }
        return isNumber(one) == isNumber(other)
                ? one.compareTo(other)
                : Boolean.compare(isNumber(one), isNumber(other));
    }

    private static boolean isNumber(String part) {
        return part.matches("\\d{1,18}");
    }

    @Override
    public String toString() {
        return name;
    }
}
