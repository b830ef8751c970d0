package dev.imprimatur.migrations;

import java.util.Arrays;

/** Turns positions of a text into line numbers, counted from 1. */
public final class Lines {

    private final int[] starts;

    public Lines(String text) {
        int[] found = new int[16];
        int count = 1;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
            if (count == found.length) {
                found = Arrays.copyOf(found, count * 2);
            }
            found[count++] = at + 1;
        }
        starts = Arrays.copyOf(found, count);
    }

    /**
     * The line of a position.
     *
     * @param offset in UTF-16 units, from 0
     */
    public int at(int offset) {
        int found = Arrays.binarySearch(starts, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }
}
