package dev.imprimatur.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks, one subcommand each. Started by {@code bench/run}. */
@Command(
        name = "bench/run",
        description = "Measures beside a named rival or floor, and prints ratios.",
        footer = {"", "bench/run decide asks the policy, by JMH."},
        subcommands = {CreateContent.class, BesideDirectus.class, Digest.class, RehearseChains.class, LoadProcess.class
        },
        mixinStandardHelpOptions = true)
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }
}
