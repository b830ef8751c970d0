package dev.imprimatur.server.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/** The temporary folder that the web server insists on, and by itself leaves behind. */
final class WebFolder implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, AutoCloseable {
    private final Path folder;

    WebFolder() {
        try {
            folder = Files.createTempDirectory("imprimatur-web");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder can be made", e);
        }
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.setBaseDirectory(folder.resolve("base").toFile());
        Path documents = folder.resolve("documents");
        if (!documents.toFile().mkdir()) {
            throw new IllegalStateException(documents + " cannot be made");
        }
        factory.setDocumentRoot(documents.toFile());
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
