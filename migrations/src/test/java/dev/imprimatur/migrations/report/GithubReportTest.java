package dev.imprimatur.migrations.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GithubReportTest {

    @Test
    void eachFindingIsACommandWithTheGraveOnesFirst() {
        List<String> lines = Format.GITHUB
                .write(Samples.failing(), Look.from(Samples.BASE))
                .lines()
                .toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.getFirst())
                .startsWith("::error file=db/migrations/0001_expand_post_slugs.down.sql,line=3,"
                        + "title=0001_expand_post_slugs%3A back-differs::column posts.status: ");
        assertThat(lines.get(2)).startsWith("::error ").contains("title=unwind%3A unwind-fails");
        assertThat(lines.get(3)).startsWith("::warning ");
        assertThat(lines.get(4)).startsWith("::notice ").contains("Excused");
        assertThat(lines.get(5)).startsWith("FAILED. 6 steps");
    }

    @Test
    void aWayBackThatStopsPointsAtTheFileOfItsStep() {
        assertThat(Format.GITHUB.write(Samples.failing(), Look.from(Samples.BASE)))
                .contains("file=db/migrations/0001_expand_post_slugs.sql,line=1,title=unwind");
    }

    @Test
    void foreignTextGivesNoCommandOfItsOwn() {
        String text = Format.GITHUB.write(Samples.hostile(), Look.from(Samples.BASE));
        assertThat(text).doesNotContain("\r");
        List<String> lines = text.lines().toList();
        assertThat(lines).hasSize(Samples.hostile().steps().size() + 2);
        assertThat(lines.subList(0, lines.size() - 1)).allSatisfy(line -> {
            assertThat(line).matches("::(error|warning|notice) file=[^:,]+,line=\\d+,title=[^:,]+::.*");
            assertThat(line).contains("%25", "%0A::stop-commands::y%0D%0A");
        });
    }

    @Test
    void aPathOutsideTheWorkingDirectoryStaysWhole() {
        assertThat(Format.GITHUB.write(Samples.failing(), Look.from(Path.of("/elsewhere"))))
                .contains("file=/project/db/migrations/0001_expand_post_slugs.down.sql,line=3");
    }
}
