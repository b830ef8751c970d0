package dev.imprimatur.migrations;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Random input that is the same in each run: try number n has the seed n. A failure names it, and
 * {@code -Dimprimatur.seed=n} runs that one alone.
 */
public final class Chance {
    private final SplittableRandom random;

    private Chance(long seed) {
        random = new SplittableRandom(seed);
    }

    public static void tries(int number, Consumer<Chance> check) {
        Long only = Long.getLong("imprimatur.seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? number : only); seed++) {
            try {
                check.accept(new Chance(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with -Dimprimatur.seed=%d: %s".formatted(seed, e.getMessage()), e);
            }
        }
    }

    /** Both ends included. */
    public long between(long least, long most) {
        return random.nextLong(least, most + 1);
    }

    public boolean toss() {
        return random.nextBoolean();
    }

    @SafeVarargs
    public final <T> T of(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    public <T> List<T> list(int least, int most, Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (long left = between(least, most); left > 0; left--) {
            list.add(element.get());
        }
        return list;
    }
}
