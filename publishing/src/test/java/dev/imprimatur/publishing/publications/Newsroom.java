package dev.imprimatur.publishing.publications;

import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.approvals.Approval;
import dev.imprimatur.publishing.approvals.Approvals;
import dev.imprimatur.publishing.approvals.Submissions;
import dev.imprimatur.publishing.content.Comments;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.Drafts;
import dev.imprimatur.publishing.content.DueTime;
import dev.imprimatur.publishing.content.Manuscript;
import dev.imprimatur.publishing.database.TestDatabase;
import dev.imprimatur.publishing.flags.FeatureFlags;
import dev.imprimatur.publishing.outlets.Delivery;
import dev.imprimatur.publishing.outlets.Outlet;
import dev.imprimatur.publishing.outlets.Outlets;
import dev.imprimatur.publishing.outlets.Post;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** A whole small installation for a test: people, stores, and an outlet in memory whose answers the test chooses. */
public final class Newsroom implements AutoCloseable {
    public final TestDatabase database = TestDatabase.create();
    public final Jdbi jdbi = database.app();
    public final Paper paper = new Paper();
    public final Outlets outlets = new Outlets(List.of(paper));
    public final People people = new People(jdbi);
    public final ApiTokens tokens = new ApiTokens(jdbi);
    public final Drafts drafts = new Drafts(jdbi);
    public final Comments comments = new Comments(jdbi);
    public final Submissions submissions = new Submissions(jdbi, drafts, outlets);
    public final Approvals approvals = new Approvals(jdbi);
    public final Publications publications = new Publications(jdbi);
    public final FeatureFlags flags = new FeatureFlags(jdbi);
    public final Principal olga = Principal.atTheCommandLine(people.add("olga", Set.of(Role.OPERATOR)));
    public final Principal anna = Principal.atTheCommandLine(people.add("anna", Set.of(Role.APPROVER)));
    public final Principal both = Principal.atTheCommandLine(people.add("both", Set.of(Role.OPERATOR, Role.APPROVER)));

    public Newsroom() {
        flags.set(anna, paper.name(), FeatureFlags.Mode.LIVE, null);
    }

    /** An outlet that remembers what it was given. */
    public static final class Paper implements Outlet {
        public final List<Post> printed = new CopyOnWriteArrayList<>();
        public volatile Function<Post, Delivery> answer = post -> new Delivery.Accepted("printed " + post.key(), null);
        public volatile AfterUnknown afterUnknown = AfterUnknown.ASK;

        @Override
        public String name() {
            return "paper";
        }

        @Override
        public String render(Manuscript manuscript) {
            return manuscript.title() + "\n" + manuscript.body();
        }

        @Override
        public Delivery deliver(Post post) {
            printed.add(post);
            return answer.apply(post);
        }

        @Override
        public AfterUnknown afterUnknown() {
            return afterUnknown;
        }
    }

    public static Manuscript manuscript(String body) {
        return new Manuscript("A title", body, null, "en", new TreeMap<>());
    }

    public Content draft(Principal author, String body, @Nullable DueTime due) {
        return drafts.create(author, manuscript(body), new Content.Plan(List.of(paper.name()), due), null)
                .content();
    }

    public Content edit(Principal editor, Content content, String body) {
        return drafts.edit(editor, content.id(), manuscript(body), content.plan(), null);
    }

    public Content submitted(Principal author, String body) {
        return submissions.submit(author, draft(author, body, null).id(), null);
    }

    public Content approved(String body) {
        Content content = submitted(olga, body);
        approve(anna, content);
        return drafts.get(content.id());
    }

    /** A yes to all that the approver can see. */
    public Approval approve(Principal approver, Content content) {
        return approvals.decide(approver, word(content, Approval.Decision.APPROVED));
    }

    public Approval.Word word(Content content, Approval.Decision decision) {
        List<Approval.Bytes> seen = submissions.renditions(content.id()).stream()
                .map(rendition -> new Approval.Bytes(rendition.outlet(), rendition.sha256()))
                .toList();
        return new Approval.Word(content.id(), content.revision(), decision, seen, null, null, null);
    }

    public Publication schedule(Content content) {
        return publications.schedule(olga, content.id(), paper.name(), null, null);
    }

    /** What the log says of something, oldest first. */
    public List<String> audited(UUID subject) {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT action FROM audit WHERE subject_id = :id ORDER BY id")
                        .bind("id", subject.toString())
                        .mapTo(String.class)
                        .list());
    }

    @Override
    public void close() {
        database.close();
    }
}
