package dev.imprimatur.publishing.publications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.Identities;
import dev.imprimatur.publishing.access.LoginThrottle;
import dev.imprimatur.publishing.access.Logins;
import dev.imprimatur.publishing.access.OneTimeLinks;
import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.access.Passkeys;
import dev.imprimatur.publishing.access.Passwords;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.Session;
import dev.imprimatur.publishing.access.Sessions;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.publishing.approvals.Approval;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.DueTime;
import dev.imprimatur.publishing.content.IdempotencyKey;
import dev.imprimatur.publishing.content.IdempotencyKeys;
import dev.imprimatur.publishing.database.TestDatabase;
import dev.imprimatur.publishing.flags.FeatureFlags;
import dev.imprimatur.publishing.flags.FeatureFlags.GlobalStopRequest;
import dev.imprimatur.publishing.outlets.Feed;
import dev.imprimatur.publishing.outlets.FeedDocuments;
import dev.imprimatur.publishing.outlets.FeedSettings;
import dev.imprimatur.publishing.outlets.Post;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keeps {@code db/workload.sql} at what the stores really send, for the rehearsals of migrations to try. */
class WorkloadFileTest {
    private static final Path FILE = Path.of(System.getProperty("imprimatur.home", ".."), "db", "workload.sql");
    private static final String RENEW = "./mvnw -pl publishing -am test -Dtest=WorkloadFileTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dimprimatur.renew=true";

    private static final String HEAD = """
            -- What publishing asks the database: every query of every store, as Jdbi sends it, with $1 for its first
            -- parameter. `migrate rehearse --workload db/workload.sql` plans each before and after a migration, and runs
            -- those that write. Recorded by WorkloadFileTest, which fails when this file is not what the stores send:
            --   %s
            -- Not in it: what Bootstrap sends to make roles and the database, and what other modules ask.
            """.formatted(RENEW);

    /** Of the word {@code password}, from the tests of Argon2's reference implementation. */
    private static final String OF_ANOTHER_COST =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    private final Newsroom newsroom = new Newsroom();
    private final SentQueries queries = new SentQueries();

    @AfterEach
    void close() {
        newsroom.close();
    }

    @Test
    void theFileHoldsEveryQueryThatTheStoresSend() throws IOException {
        newsroom.jdbi.setSqlLogger(queries);
        people();
        lettingIn();
        knowing();
        Content content = writing();
        deciding();
        publishing();
        delivering();
        reading(content);

        assertThat(SentQueries.made())
                .isNotEmpty()
                .allSatisfy((sender, number) -> assertThat(queries.sent().getOrDefault(sender, Set.of()))
                        .as("%s makes %d queries; the scenario of this test must send each", sender, number)
                        .hasSizeGreaterThanOrEqualTo(number));

        StringBuilder text = new StringBuilder(HEAD);
        queries.sent()
                .forEach((sender, sent) -> sent.forEach(sql -> text.append("\n-- ")
                        .append(sender)
                        .append('\n')
                        .append(sql)
                        .append(";\n")));
        if (Boolean.getBoolean("imprimatur.renew")) {
            Files.writeString(FILE, text);
        }
        assertThat(Files.exists(FILE) ? Files.readString(FILE) : "")
                .as("%s is not what the stores send. Renew it, and read what changed:%n  %s%n", FILE, RENEW)
                .isEqualTo(text.toString());
    }

    private void people() {
        Person person = newsroom.people.add("otto", Set.of(Role.OPERATOR));
        assertThat(newsroom.people.named("otto")).isPresent();
        assertThat(newsroom.people.nobody()).isFalse();
        String token = newsroom.tokens.create(person, TokenKind.PERSONAL);
        assertThat(newsroom.tokens.principal(token)).isPresent();
        newsroom.flags.of(List.of("paper"));
        newsroom.flags.set(newsroom.anna, new GlobalStopRequest(false, null));
        newsroom.flags.globalStop();
        newsroom.flags.set(newsroom.anna, "other", FeatureFlags.Mode.OFF, null);
    }

    private void lettingIn() {
        Passwords passwords = new Passwords(newsroom.jdbi);
        Sessions sessions = new Sessions(newsroom.jdbi, Sessions.Limits.USUAL);
        LoginThrottle throttle = new LoginThrottle(newsroom.jdbi);
        OneTimeLinks links = new OneTimeLinks(newsroom.jdbi, passwords);
        Person olga = newsroom.people.setRoles(newsroom.olga.person(), Set.of(Role.OPERATOR));
        theFirst();
        links.redeem(links.reset(olga, null), null, "correct horse battery");
        newsroom.database
                .superuser()
                .useHandle(handle -> handle.execute("UPDATE passwords SET phc = ?", OF_ANOTHER_COST));
        assertThat(passwords.check("olga", "password")).isPresent();
        passwords.set(olga, "correct horse battery", null, null);
        String device = throttle.succeeded(olga, InetAddress.getLoopbackAddress(), null);
        Session before = sessions.begin().session();
        sessions.keep(before, "step", "{}");
        sessions.take(before, "step");
        Logins.Browser browser = new Logins.Browser(InetAddress.getLoopbackAddress(), device, "Firefox", before);
        Logins.Outcome outcome =
                new Logins(passwords, throttle, links, sessions).byPassword("olga", "correct horse battery", browser);
        Sessions.Opened opened = ((Logins.LoggedIn) outcome).opened();
        Principal principal =
                Sessions.principal(sessions.find(opened.secret()).orElseThrow()).orElseThrow();
        sessions.of(olga);
        ApiTokens.Created token = newsroom.tokens.create(principal, ApiTokens.Wish.of(TokenKind.PERSONAL));
        Principal byToken = newsroom.tokens.principal(token.secret()).orElseThrow();
        newsroom.tokens.create(byToken, ApiTokens.Wish.of(TokenKind.AGENT));
        newsroom.tokens.of(olga);
        newsroom.tokens.owner(principal, token.token().id());
        newsroom.tokens.revoke(principal, token.token().id());
        sessions.owner(opened.session().id());
        sessions.revoke(principal, olga.id(), opened.session().id());
    }

    private void knowing() {
        Identities identities = new Identities(newsroom.jdbi);
        identities.find("https://id.example.org", "o1", "olga@example.org");
        identities.propose(newsroom.both, identities.unlinked().getFirst().id(), newsroom.olga.id());
        identities.confirm(newsroom.anna, identities.proposals().getFirst().id());
        identities.link(newsroom.olga.person(), "https://id.example.org", "o2");
        Passkeys passkeys = new Passkeys(newsroom.jdbi);
        byte[] id = {1};
        passkeys.add(new Passkeys.Passkey(
                id,
                UUID.randomUUID(),
                newsroom.olga.id(),
                new byte[] {2},
                0,
                true,
                Set.of("internal"),
                false,
                false,
                null,
                null,
                "Passkey",
                Instant.now(),
                Instant.now()));
        Passkeys.Passkey kept = passkeys.find(id).orElseThrow();
        passkeys.used(kept);
        assertThat(passkeys.of(newsroom.olga.id())).hasSize(1);
        passkeys.remove(newsroom.olga, kept.id());
        newsroom.people.find(newsroom.olga.id());
        newsroom.people.names();
    }

    private void theFirst() {
        try (TestDatabase empty = TestDatabase.create()) {
            Jdbi jdbi = empty.app();
            jdbi.setSqlLogger(queries);
            OneTimeLinks links = new OneTimeLinks(jdbi, new Passwords(jdbi));
            links.redeem(links.forTheFirst(), "first", "correct horse battery");
        }
    }

    private Content writing() {
        Content.Plan plan = new Content.Plan(List.of("paper"), null);
        IdempotencyKey key = new IdempotencyKey("once");
        Content content = newsroom.drafts
                .create(newsroom.olga, Newsroom.manuscript("a"), plan, key)
                .content();
        newsroom.drafts.create(newsroom.olga, Newsroom.manuscript("a"), plan, key);
        newsroom.comments.add(newsroom.anna, content.id(), "longer");
        IdempotencyKeys keys = new IdempotencyKeys(newsroom.jdbi);
        IdempotencyKeys.Asked asked = new IdempotencyKeys.Asked("POST /any", key, "{}");
        IdempotencyKeys.Answer answer = new IdempotencyKeys.Answer(201, null, null, "{}", false);
        keys.once(newsroom.olga, asked, () -> answer, refusal -> answer);
        keys.sweep();
        return newsroom.edit(newsroom.olga, content, "b");
    }

    private void deciding() {
        Content content = newsroom.submitted(newsroom.olga, "to be read");
        Approval.Word word = newsroom.word(content, Approval.Decision.APPROVED);
        Approval.Word wrong = new Approval.Word(
                word.contentId(),
                word.revision(),
                word.decision(),
                List.of(new Approval.Bytes("paper", "0".repeat(64))),
                null,
                null,
                null);
        assertThatThrownBy(() -> newsroom.approvals.decide(newsroom.anna, wrong))
                .isInstanceOf(RefusedException.class);
        Approval approval = newsroom.approvals.decide(newsroom.anna, word);
        newsroom.approvals.handsOn(content.id());
        newsroom.approvals.withdraw(newsroom.anna, approval.id());
    }

    private void publishing() {
        Content draft = newsroom.draft(newsroom.olga, "not yet", null);
        assertThatThrownBy(() -> newsroom.schedule(draft)).isInstanceOf(RefusedException.class);
        UUID id = newsroom.schedule(newsroom.approved("soon")).id();
        newsroom.publications.reschedule(
                newsroom.olga, id, DueTime.at(Instant.now().plus(Duration.ofHours(2)), ZoneOffset.UTC));
        newsroom.flags.set(newsroom.anna, "paper", FeatureFlags.Mode.OFF, null);
        UUID held = newsroom.schedule(newsroom.approved("held")).id();
        newsroom.flags.set(newsroom.anna, "paper", FeatureFlags.Mode.LIVE, null);
        newsroom.publications.release(newsroom.olga, held);
        newsroom.publications.cancel(newsroom.olga, held);
        newsroom.publications.cancel(newsroom.olga, id);
    }

    private void delivering() {
        newsroom.schedule(newsroom.approved("out"));
        Claims claims = new Claims(newsroom.jdbi, "test", Duration.ofMinutes(1));
        claims.untilNext();
        Claims.Claim claim = claims.claim(1).getFirst();
        claims.prove(claim);
        claims.markWire(claim);
        claims.finish(claim, Claims.Ending.of("accepted", null, Publication.State.PUBLISHED));
        claims.recover(List.of("paper"), false);
        newsroom.publications.attempts(claim.publication());

        newsroom.database.withoutTheFeedsGate();
        Feed feed = new Feed(newsroom.jdbi, URI.create("https://example.org/feed.xml"));
        Post post = new Post(UUID.randomUUID(), UUID.randomUUID(), 1, feed.render(Newsroom.manuscript("fed")));
        feed.deliver(post);
        feed.deliver(post);
    }

    private void reading(Content content) {
        newsroom.drafts.isWithin(OutletScope.ALL, content.id());
        newsroom.drafts.list(OutletScope.ALL, null, null, 10);
        newsroom.drafts.revisions(content.id());
        newsroom.comments.of(content.id());
        newsroom.approvals.list(OutletScope.ALL, null, 10);
        newsroom.publications.list(OutletScope.ALL, null, null, null, 10);
        FeedSettings settings = new FeedSettings(UUID.randomUUID(), URI.create("https://example.org"), "Us", "We");
        new FeedDocuments(newsroom.jdbi, settings).atom(null);
    }
}
