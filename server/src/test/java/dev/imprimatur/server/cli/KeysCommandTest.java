package dev.imprimatur.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandTest {
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

    @TempDir
    Path folder;

    @Test
    void keysAreMadeRotatedAndListedAndNeverShown() throws IOException {
        Path file = folder.resolve("keys");
        Terminal terminal = new Terminal("http://localhost:1", folder);

        assertThat(terminal.run("keys", "make", file.toString()))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.out()).contains("IMPRIMATUR_KEYS_FILE");
        assertThat(terminal.run("keys", "make", file.toString())).isEqualTo(1);
        assertThat(terminal.err()).contains("IM309", "keys rotate");
        String made = Files.readString(file);

        Terminal owner = new Terminal("http://localhost:1", folder);
        owner.environment().put("IMPRIMATUR_KEYS_FILE", file.toString());
        assertThat(owner.run("keys", "rotate")).as(owner.err()).isZero();
        assertThat(owner.err()).contains(file.toString());
        assertThat(owner.run("keys", "rotate", "--in", "60")).isZero();
        assertThat(owner.run("keys", "list")).isZero();
        assertThat(owner.out().lines().map(line -> line.replaceFirst("^\\S+\\s+\\S+\\s+", "")))
                .as(owner.out())
                .contains("signs later")
                .anyMatch(line -> line.startsWith("verifies until ") || line.equals("signs"));
        assertThat(owner.run("keys", "rotate", "--leaked")).isZero();
        assertThat(owner.out()).contains("leaked: only decrypts");
        assertThat(Files.readString(file))
                .contains(made.lines().toList().getLast())
                .contains(" leaked");

        List<String> secrets = SECRET.matcher(Files.readString(file))
                .results()
                .map(found -> found.group())
                .toList();
        assertThat(secrets).hasSize(4).doesNotHaveDuplicates();
        assertThat(terminal.out() + terminal.err() + owner.out() + owner.err()).doesNotContain(secrets);
    }

    @Test
    void whereThereIsNoFileItIsSaidWhatToDo() {
        Terminal terminal = new Terminal("http://localhost:1", folder);
        assertThat(terminal.run("keys", "list", "--data", folder.resolve("none").toString()))
                .isEqualTo(3);
        assertThat(terminal.err()).contains("IM506", "keys make");
        Terminal remote = new Terminal("http://localhost:1", folder);
        remote.environment().put("DATABASE_URL", "postgres://me:hunter2@127.0.0.1:1/none");
        assertThat(remote.run("keys", "rotate")).isEqualTo(3);
        assertThat(remote.err()).contains("IMPRIMATUR_KEYS_FILE").doesNotContain("hunter2");
        assertThat(remote.run("serve")).isEqualTo(3);
        assertThat(remote.err()).contains("IM506", "imprimatur keys make FILE");
    }
}
