package dev.imprimatur.publishing.publications;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.ContentState;
import dev.imprimatur.publishing.content.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListsTest {
    private final Newsroom newsroom = new Newsroom();

    @AfterEach
    void close() {
        newsroom.close();
    }

    @Test
    void pagesOfContentShowEachLineOnceTheNewestFirst() {
        List<UUID> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(newsroom.draft(newsroom.olga, "text " + i, null).id());
        }
        List<UUID> seen = new ArrayList<>();
        Position after = null;
        for (int page = 0; page < 3; page++) {
            for (Content.Line line : newsroom.drafts.list(OutletScope.ALL, null, after, 2)) {
                seen.add(line.id());
                after = new Position(line.createdAt(), line.id());
            }
        }
        assertThat(seen).isEqualTo(made);
        assertThat(newsroom.drafts.list(OutletScope.ALL, ContentState.APPROVED, null, 10))
                .isEmpty();
    }

    @Test
    void publicationsAreListedByContentAndState() {
        Content one = newsroom.approved("one");
        Content two = newsroom.approved("two");
        Publication first = newsroom.schedule(one);
        Publication second = newsroom.schedule(two);
        newsroom.publications.cancel(newsroom.olga, second.id());

        assertThat(newsroom.publications.list(OutletScope.ALL, null, null, null, 10))
                .hasSize(2);
        assertThat(newsroom.publications.list(OutletScope.ALL, one.id(), null, null, 10))
                .containsExactly(first);
        assertThat(newsroom.publications.list(OutletScope.ALL, null, Publication.State.CANCELLED, null, 10))
                .extracting(Publication::id)
                .containsExactly(second.id());
        assertThat(newsroom.publications.list(
                        OutletScope.ALL, null, null, new Position(second.createdAt(), second.id()), 10))
                .containsExactly(first);
    }

    @Test
    void approvalsAndCommentsAndRevisionsAreListed() {
        Content content = newsroom.approved("one");
        newsroom.comments.add(newsroom.anna, content.id(), "fine\r\nwith me");
        newsroom.edit(newsroom.olga, content, "two");

        assertThat(newsroom.approvals.list(OutletScope.ALL, content.id(), 10))
                .singleElement()
                .satisfies(approval -> assertThat(approval.renditions())
                        .singleElement()
                        .satisfies(bytes -> assertThat(bytes.outlet()).isEqualTo("paper")));
        assertThat(newsroom.approvals.list(OutletScope.ALL, null, 10)).hasSize(1);
        assertThat(newsroom.comments.of(content.id()))
                .singleElement()
                .satisfies(comment -> assertThat(comment.body()).isEqualTo("fine\nwith me"));
        assertThat(newsroom.drafts.revisions(content.id()))
                .extracting(Content.Revision::number)
                .containsExactly(1, 2);
    }
}
