package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Directive;
import dev.imprimatur.migrations.Statements;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The SQL of one direction of a step.
 *
 * @param file where it stands
 * @param statements whose lines and offsets are those of the whole file, also where the file holds both directions
 * @param transaction what the layout's runner does about transactions
 * @param batch the ranges that its one statement runs over
 * @param lossy why it cannot bring rows back, from a comment {@code -- migrate: lossy <why>}, in whatever layout
 */
public record Part(
        Path file,
        Statements statements,
        TransactionRule transaction,
        Optional<Directive.Batch> batch,
        Optional<String> lossy) {}
