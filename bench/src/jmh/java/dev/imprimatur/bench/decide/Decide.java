package dev.imprimatur.bench.decide;

import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What it costs to ask who may do what. */
@Command(
        name = "bench/run decide",
        description = "Asks the policy, by JMH, in JVMs of its own.",
        mixinStandardHelpOptions = true)
public final class Decide implements Callable<Integer> {
    private static final double AIM = 50;

    @Option(names = "--forks", description = "How many JVMs measure, one after the other (${DEFAULT-VALUE}).")
    private int forks = 3;

    @Option(
            names = "--rounds",
            description = "How many seconds each measures, after as many to warm up (${DEFAULT-VALUE}).")
    private int rounds = 5;

    private Decide() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Decide()).execute(arguments));
    }

    @Override
    public Integer call() throws RunnerException {
        System.out.printf(
                Locale.ROOT,
                "machine   %d processors (%s %s), Java %s, load average %.1f%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.version(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        System.out.printf("measured  %d JVMs, %d s each, after as many to warm up%n%n", forks, rounds);
        System.out.println("one decision, µs: mean, and how far 99.9% of such means lie from it");
        Options options = new OptionsBuilder()
                .include(Decision.class.getName())
                .forks(forks)
                .warmupIterations(rounds)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(rounds)
                .measurementTime(TimeValue.seconds(1))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();
        Collection<RunResult> results = new Runner(options).run();
        results.forEach(Decide::print);
        double dearest = results.stream()
                .mapToDouble(result -> result.getPrimaryResult().getScore())
                .max()
                .orElseThrow();
        boolean met = dearest <= AIM;
        System.out.printf(
                Locale.ROOT,
                "the dearest takes %.1f µs, so the aim of at most %.0f is %s%n",
                dearest,
                AIM,
                met ? "met" : "MISSED");
        return met ? 0 : 1;
    }

    private static void print(RunResult result) {
        Result<?> mean = result.getPrimaryResult();
        System.out.printf(
                Locale.ROOT,
                "  %-10s %8.2f ± %.2f%n",
                result.getParams().getParam("asked").toLowerCase(Locale.ROOT),
                mean.getScore(),
                mean.getScoreError());
    }
}
