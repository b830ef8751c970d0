package dev.imprimatur.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jdbi.v3.core.Jdbi;

/** Where the figures come from. */
final class Machine {
    private static final Path TIMES = Path.of("/proc/stat");
    private static final long TICKS_PER_SECOND = 100;

    private Machine() {}

    static String words() {
        return String.format(
                Locale.ROOT,
                "%d processors (%s %s), Java %s, load average %.1f",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.version(),
                load());
    }

    /** How many processes ran or wanted to, on average over the last minute. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    static String words(Jdbi database) {
        return database.withHandle(
                handle -> handle.createQuery("""
                        SELECT format('PostgreSQL %s, fsync %s, synchronous_commit %s, full_page_writes %s',
                            split_part(current_setting('server_version'), ' ', 1), current_setting('fsync'),
                            current_setting('synchronous_commit'), current_setting('full_page_writes'))""").mapTo(String.class).one());
    }

    /** How long the processors have worked since they were switched on, for whomever; zero where nobody counts. */
    static Duration busy() throws IOException {
        if (!Files.isReadable(TIMES)) {
            return Duration.ZERO;
        }
        // cpu user nice system idle iowait irq softirq steal: all but idle and iowait
        long[] ticks = Arrays.stream(Files.readAllLines(TIMES).getFirst().split(" +", -1))
                .skip(1)
                .limit(8)
                .mapToLong(Long::parseLong)
                .toArray();
        long busy = Arrays.stream(ticks).sum() - ticks[3] - ticks[4];
        return ofTicks(busy);
    }

    /** How long the process has worked. */
    static Duration processor(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** How long it and its children have worked, where it can be told with those that have ended. */
    static Duration processorWithChildren(ProcessHandle process) throws IOException {
        return process.children()
                .map(Machine::processor)
                .reduce(processor(process), Duration::plus)
                .plus(processorOfEndedChildren(process));
    }

    private static Duration processorOfEndedChildren(ProcessHandle process) throws IOException {
        Path stat = TIMES.resolveSibling(Long.toString(process.pid())).resolve("stat");
        if (!Files.isReadable(stat)) {
            return Duration.ZERO;
        }
        // Behind the name in parentheses: state, twelve fields, and the children's user and system time, proc(5).
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return ofTicks(Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
    }

    private static Duration ofTicks(long ticks) {
        return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
    }
}
