package dev.imprimatur.migrations.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder of another tool's migrations that a test writes. */
record Written(Path path) {

    Written file(String name, String text) throws IOException {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Written file(String name, byte[] bytes) throws IOException {
        Path file = path.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return this;
    }

    /** Read in the layout that its own files tell, which must be this one. */
    List<ChainStep> steps(Layout layout) {
        Chain chain = Layouts.read(path);
        assertThat(chain.layout()).isEqualTo(layout);
        assertThat(chain.path()).isEqualTo(path);
        assertThat(Layouts.read(path, layout)).isEqualTo(chain);
        return chain.steps();
    }

    ChainStep only(Layout layout) {
        List<ChainStep> steps = steps(layout);
        assertThat(steps).hasSize(1);
        return steps.getFirst();
    }

    static List<String> names(List<ChainStep> steps) {
        return steps.stream().map(ChainStep::name).toList();
    }

    /** Each statement as {@code line: text}. */
    static List<String> sql(Part part) {
        return part.statements().list().stream()
                .map(statement -> statement.line() + ": " + statement.text())
                .toList();
    }

    /** Every statement stands at its offset in the file as it is on disk. */
    static void standsInItsFile(Part part) throws IOException {
        String text = Files.readString(part.file());
        for (Statement statement : part.statements().list()) {
            assertThat(text).startsWith(text.substring(0, statement.offset()) + statement.text());
        }
    }

    static void unread(ChainStep step, String file, int line, boolean stops, String problem) {
        assertThat(step.unread()).singleElement().satisfies(unread -> {
            assertThat(Folder.nameOf(unread.file())).isEqualTo(file);
            assertThat(unread.line()).isEqualTo(line);
            assertThat(unread.stops()).isEqualTo(stops);
            assertThat(unread.problem()).contains(problem).doesNotEndWith(".");
            assertThat(unread.remedy()).isNotBlank().doesNotEndWith(".");
        });
        assertThat(step.stopsTheChain()).isEqualTo(stops);
    }
}
