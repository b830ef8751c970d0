package dev.imprimatur.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Directus as npm has it, and the Node.js that it needs, in a folder of the benchmark's own. Never part of a build. */
record DirectusProgram(Path folder, Path node, Path cli) {
    /** Directus 12 asks for 22 or newer; npm's package of that name holds the program itself. */
    private static final String NODE = "node@22";

    private static final int LINES_OF_LOG = 20;

    /** Takes minutes the first time. A fetch that was cut off begins again. */
    static DirectusProgram fetch(String version) throws IOException {
        Path folder = Path.of(System.getProperty("imprimatur.home", "."))
                .toAbsolutePath()
                .resolve(Path.of("bench", "target", "directus-" + version));
        Path fetched = folder.resolve("fetched");
        Path ofNode = folder.resolve("node");
        Path ofDirectus = folder.resolve("directus");
        // Not the package's own cli.js, which asks npm for a newer version before it does what this does.
        DirectusProgram program = new DirectusProgram(
                folder,
                ofNode.resolve(Path.of("node_modules", "node", "bin", "node")),
                ofDirectus.resolve(Path.of("node_modules", "@directus", "api", "dist", "cli", "run.js")));
        if (!Files.exists(fetched)) {
            if (Files.exists(folder)) {
                Installation.delete(folder);
            }
            Files.createDirectories(folder);
            System.err.println("bench: fetching Directus " + version + " and " + NODE + " from npm; it takes minutes…");
            npmInstall(ofNode, NODE, Map.of());
            npmInstall(ofDirectus, "directus@" + version, program.toCompileAgainst(ofNode));
            Files.createFile(fetched);
        }
        return program;
    }

    /** As it calls itself, such as {@code v22.23.3}. */
    String nodeVersion() throws IOException {
        try (Child child = Child.start("node", List.of(node.toString(), "--version"), Map.of())) {
            return child.answer();
        }
    }

    /** What npm needs so that native code is for this Node.js and not for the one that npm itself runs on. */
    private Map<String, String> toCompileAgainst(Path ofNode) throws IOException {
        Path header = Path.of("include", "node", "node_version.h");
        try (Stream<Path> files = Files.walk(ofNode)) {
            Path found = files.filter(file -> file.endsWith(header))
                    .findFirst()
                    .orElseThrow(() -> new IOException("there is no " + header + " in " + ofNode));
            Path home = ofNode.resolve(
                    ofNode.relativize(found).subpath(0, ofNode.relativize(found).getNameCount() - 3));
            return Map.of(
                    "PATH",
                    node.getParent() + File.pathSeparator + System.getenv().getOrDefault("PATH", ""),
                    "npm_config_nodedir",
                    home.toString());
        }
    }

    private static void npmInstall(Path folder, String what, Map<String, String> environment) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("package.json"), "{\"private\": true}\n");
        Path log = folder.resolveSibling(folder.getFileName() + ".log");
        ProcessBuilder npm = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", what)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        npm.environment().putAll(environment);
        run("npm", npm, log);
    }

    /** Runs it to its end, and fails with the last lines of its log. */
    static void run(String name, ProcessBuilder builder, Path log) throws IOException {
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("cannot run " + name + "; Directus is compared only where there is npm", e);
        }
        Thread ending = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(ending);
        int status = process.onExit().join().exitValue();
        Runtime.getRuntime().removeShutdownHook(ending);
        if (status != 0) {
            List<String> lines = Files.readAllLines(log);
            String last = String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
            throw new IOException(name + " failed with " + status + ":\n" + last);
        }
    }
}
