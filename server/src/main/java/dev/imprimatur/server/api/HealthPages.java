package dev.imprimatur.server.api;

import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** For those who start and stop servers and send requests their way. Open to all, so they tell no reason. */
@RestController
final class HealthPages {
    private final Readiness readiness;

    HealthPages(Readiness readiness) {
        this.readiness = readiness;
    }

    /** Whether the process answers at all: else it should be started anew. */
    @GetMapping("/health/live")
    ResponseEntity<Map<String, String>> live() {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(Map.of("status", "live"));
    }

    /** Whether requests should come here: not while the database is away or has migrations pending. */
    @GetMapping("/health/ready")
    ResponseEntity<Map<String, String>> ready() {
        if (readiness.isReady()) {
            return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(Map.of("status", "ready"));
        }
        return ResponseEntity.status(503)
                .cacheControl(CacheControl.noStore())
                .header(HttpHeaders.RETRY_AFTER, "2")
                .body(Map.of("status", "not ready"));
    }
}
