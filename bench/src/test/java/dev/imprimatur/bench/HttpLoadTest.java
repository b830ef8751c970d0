package dev.imprimatur.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HttpLoadTest {
    private static final String HEAD = "HTTP/1.1 201 \r\nContent-Type: application/json\r\n";

    @Test
    void anAnswerOfKnownLengthIsWholeWithItsLastByte() {
        String answer = HEAD + "content-length: 2\r\nETag: \"1\"\r\n\r\n{}";
        assertThat(HttpLoad.isWhole(answer)).isTrue();
        assertThat(HttpLoad.isWhole(answer.substring(0, answer.length() - 1))).isFalse();
    }

    @Test
    void anAnswerInChunksIsWholeWithItsEmptyChunk() {
        String answer = HEAD + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
        assertThat(HttpLoad.isWhole(answer)).isTrue();
        assertThat(HttpLoad.isWhole(answer.substring(0, answer.length() - 5))).isFalse();
    }

    @Test
    void aHeadThatIsCutOffIsNotWhole() {
        assertThat(HttpLoad.isWhole(HEAD)).isFalse();
    }
}
