package dev.imprimatur.server.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The description of this API, written by hand before the routes: a test compares the two, and every answer with it. */
@RestController
final class OpenApi {
    static final String PATH = "/api/openapi.json";

    private final byte[] document = read();

    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    @Requires({})
    ResponseEntity<byte[]> document() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(document);
    }

    private static byte[] read() {
        try (InputStream document = OpenApi.class.getResourceAsStream("/openapi.json")) {
            if (document == null) {
                throw new IllegalStateException("openapi.json is missing from the program");
            }
            return document.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
