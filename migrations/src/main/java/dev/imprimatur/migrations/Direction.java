package dev.imprimatur.migrations;

/** Which of a migration's two files is meant. */
public enum Direction {
    FORWARD,
    DOWN
}
