package dev.imprimatur.server.runtime;

import dev.imprimatur.server.api.ContainerProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/** What the web server is told: a temporary folder that is taken away again, and how its own refusals look. */
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
        factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ContainerProblems.class.getName());
            }
        });
    }

    /** With many connections still open the web server may be at work in its folder a moment longer. */
    @Override
    public void close() throws IOException {
        for (int tries = 0; tries < 50 && !isDeleted(); tries++) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        if (Files.exists(folder)) {
            throw new DirectoryNotEmptyException(folder + " is left behind: something in it is still in use");
        }
    }

    private boolean isDeleted() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
            return true;
        } catch (DirectoryNotEmptyException | NoSuchFileException | UncheckedIOException e) {
            return Files.notExists(folder);
        }
    }
}
