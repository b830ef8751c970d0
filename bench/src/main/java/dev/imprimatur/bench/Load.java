package dev.imprimatur.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.LongStream;

/** One side of a comparison: creates content as fast as it is answered, on so many connections at once. */
sealed interface Load extends AutoCloseable permits HttpLoad, JdbcLoad {
    Round run(int connections, Duration atLeast) throws Exception;

    @Override
    void close() throws IOException, SQLException;

    /**
     * @param elapsed how long all of them took together
     * @param median half of them took no longer
     * @param slowest 99 of a hundred took no longer
     */
    record Round(long creates, Duration elapsed, Duration median, Duration slowest) {
        static Round of(LongStream nanos, Duration elapsed) {
            long[] sorted = nanos.sorted().toArray();
            return new Round(
                    sorted.length,
                    elapsed,
                    Duration.ofNanos(sorted[sorted.length / 2]),
                    Duration.ofNanos(sorted[(int) (sorted.length * 0.99)]));
        }
    }
}
