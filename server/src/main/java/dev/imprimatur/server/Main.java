package dev.imprimatur.server;

import dev.imprimatur.server.cli.Imprimatur;
import dev.imprimatur.server.cli.Surroundings;

/** The command {@code imprimatur}, but for its {@code migrate}, which is a program of its own. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Imprimatur.run(Surroundings.ofProcess(), arguments));
    }
}
