package dev.imprimatur.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TargetTest {
    private static final String OURS = "HTTP/1.1 201 \r\nRateLimit: \"person-write\";r=9;t=1\r\n"
            + "Idempotency-Replayed: false\r\nContent-Length: 2\r\n\r\n{}";

    private static final String THEIRS =
            "HTTP/1.1 200 OK\r\nX-Powered-By: Directus\r\n\r\n{\"data\":{\"id\":\"bf5c3ccf\",\"state\":\"draft\"}}";

    @Test
    void oursIsNewAndWasCountedAgainstALimit() {
        assertThat(Target.IMPRIMATUR.isCreate(OURS)).isTrue();
        assertThat(Target.IMPRIMATUR.isCreate(OURS.replace("Replayed: false", "Replayed: true")))
                .isFalse();
        assertThat(Target.IMPRIMATUR.isCreate(OURS.replace("RateLimit", "Other")))
                .isFalse();
        assertThat(Target.IMPRIMATUR.isCreate(OURS.replace("201", "429"))).isFalse();
    }

    @Test
    void theirsIsAnsweredWithTheItem() {
        assertThat(Target.DIRECTUS.isCreate(THEIRS)).isTrue();
        assertThat(Target.DIRECTUS.isCreate("HTTP/1.1 200 OK\r\n\r\n{\"errors\":[{\"message\":\"no\"}]}"))
                .isFalse();
        assertThat(Target.DIRECTUS.isCreate(THEIRS.replace("200 OK", "503 Service Unavailable")))
                .isFalse();
    }
}
