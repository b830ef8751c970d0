package dev.imprimatur.bench;

import dev.imprimatur.migrations.rows.TableDigest;
import dev.imprimatur.migrations.rows.TableShape;
import dev.imprimatur.publishing.database.Database;
import dev.imprimatur.publishing.database.LocalPostgres;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What it costs to know that no row of a large table has changed. */
@Command(
        name = "digest",
        description = "Digests a large table, beside counting it and beside the md5 of all its rows in order.")
final class Digest implements Callable<Integer> {
    private static final double AIM_OVER_COUNT = 6;
    private static final double AIM_OVER_COUNT_AS_TEXT = 15;
    private static final double AIM_UNDER_MD5 = 8;

    @Option(names = "--rows", description = "How many rows each table has (${DEFAULT-VALUE}).")
    int rows = 2_000_000;

    @Option(names = "--rounds", description = "How many times each is measured (${DEFAULT-VALUE}).")
    int rounds = 5;

    @Option(names = "--workers", description = "How many parallel workers each query may have (${DEFAULT-VALUE}).")
    int workers = 2;

    private final PrintStream out = System.out;

    /** Something that takes a while. */
    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    /** One round, in milliseconds. */
    private record Round(double count, double digest, double md5) {
        double overCount() {
            return digest / count;
        }

        double underMd5() {
            return md5 / digest;
        }
    }

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("imprimatur-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Installation.delete(data)));
        try (LocalPostgres postgres = LocalPostgres.start(data);
                Connection connection = postgres.superuserUrl().connect()) {
            out.println("machine   " + Machine.words());
            out.println("database  " + Machine.words(Database.jdbi(postgres.superuserUrl()::connect)));
            fill(connection);
            List<Round> plain = measure(connection, "plain");
            show("(id bigint PRIMARY KEY, text, uuid, int, timestamptz)", plain);
            boolean overCount = aim("digest / count", plain, Round::overCount, "at most", AIM_OVER_COUNT);
            boolean underMd5 = aim("md5 / digest", plain, Round::underMd5, "at least", AIM_UNDER_MD5);
            List<Round> as = measure(connection, "texts");
            show("the same with numeric and jsonb, which are hashed as text", as);
            boolean asText = aim("digest / count", as, Round::overCount, "at most", AIM_OVER_COUNT_AS_TEXT);
            out.printf("%nload average at the end %.1f%n", Machine.load());
            return overCount && underMd5 && asText ? 0 : 1;
        }
    }

    private void fill(Connection connection) throws SQLException {
        out.printf("tables    %,d rows each, %d workers for each query, jit off%n", rows, workers);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET jit = off; SET max_parallel_workers_per_gather = " + workers);
            statement.execute("""
                    CREATE TABLE public.plain (id bigint PRIMARY KEY, word text, token uuid, stars int, at timestamptz);
                    INSERT INTO public.plain
                    SELECT n, 'word ' || n, gen_random_uuid(), n %% 1000, timestamptz '2026-01-01' + n * interval '1 s'
                      FROM generate_series(1, %1$d) n;
                    CREATE TABLE public.texts (LIKE public.plain INCLUDING ALL, price numeric(12, 2), extra jsonb);
                    INSERT INTO public.texts
                    SELECT p.*, p.id / 7.0, jsonb_build_object('stars', p.stars, 'words', jsonb_build_array(p.word))
                      FROM public.plain p""".formatted(rows));
            statement.execute("VACUUM (FREEZE, ANALYZE) public.plain");
            statement.execute("VACUUM (FREEZE, ANALYZE) public.texts");
            statement.execute("CHECKPOINT");
        }
    }

    private List<Round> measure(Connection connection, String table) throws SQLException {
        TableShape shape = Objects.requireNonNull(TableShape.readAll(connection).get("public." + table));
        Work count = () -> run(connection, "SELECT count(*) FROM public." + table);
        Work digest = () -> TableDigest.readTotals(connection, shape, shape.allColumns());
        String md5 = "SELECT md5(string_agg(md5(t::text), '' ORDER BY id)), count(*) FROM public." + table + " t";
        // The first of each finds nothing in memory.
        millis(count);
        millis(digest);
        List<Round> measured = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            measured.add(new Round(millis(count), millis(digest), millis(() -> run(connection, md5))));
        }
        return measured;
    }

    private static void run(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(query);
        }
    }

    private static double millis(Work work) throws SQLException {
        long began = System.nanoTime();
        work.run();
        return (System.nanoTime() - began) / 1e6;
    }

    private void show(String what, List<Round> measured) {
        out.printf("%n%s: ms, median (least–most) of %d%n", what, measured.size());
        row("count(*)", measured, Round::count);
        row("digest", measured, Round::digest);
        row("md5(string_agg(md5(row), '' ORDER BY id))", measured, Round::md5);
    }

    private void row(String name, List<Round> measured, ToDoubleFunction<Round> figure) {
        out.printf("  %-42s %26s%n", name, Figures.of(measured, figure).show(0));
    }

    private boolean aim(String name, List<Round> measured, ToDoubleFunction<Round> ratio, String word, double aim) {
        Figures figures = Figures.of(measured, ratio);
        boolean met = word.equals("at most") ? figures.median() <= aim : figures.median() >= aim;
        out.printf(
                "%s %s, of the pairs %s: the aim of %s %.0f is %s%n",
                name,
                figures.show(1),
                measured.stream()
                        .map(round -> String.format(Locale.ROOT, "%.1f", ratio.applyAsDouble(round)))
                        .collect(Collectors.joining(", ")),
                word,
                aim,
                met ? "met" : "MISSED");
        return met;
    }
}
