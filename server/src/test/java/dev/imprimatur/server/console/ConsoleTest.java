package dev.imprimatur.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.Identities;
import dev.imprimatur.publishing.access.OneTimeLinks;
import dev.imprimatur.publishing.access.Passwords;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.runtime.TestServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pages, as people use them: in a real browser, with a made-up authenticator for passkeys. */
@Tag("browser")
class ConsoleTest {
    private static final String PASSWORD = "correct horse battery";
    private static final String SUBMIT =
            "(() => { const form = document.querySelector('%s'); form.requestSubmit(%s); })()";

    private static TestServer server;
    private static Person olga;
    private static Person anna;

    private Browser browser;

    @BeforeAll
    static void startServer() {
        server = TestServer.start();
        People people = new People(server.jdbi());
        olga = people.add("olga", Set.of(Role.OPERATOR));
        anna = people.add("anna", Set.of(Role.APPROVER));
        Passwords passwords = new Passwords(server.jdbi());
        passwords.set(olga, PASSWORD, null, null);
        passwords.set(anna, PASSWORD, null, null);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void startBrowser() throws IOException {
        browser = Browser.start();
    }

    @AfterEach
    void stopBrowser() throws IOException {
        try {
            assertThat(browser.violations()).isEmpty();
        } finally {
            browser.close();
        }
    }

    private static URI url(String path) {
        return URI.create(server.url() + path);
    }

    private void fill(String field, String value) {
        browser.run("document.querySelector('[name=\"%s\"]').value = '%s'".formatted(field, value));
    }

    private void logIn(String name, String path) {
        browser.open(url(path));
        assertThat(browser.path()).isEqualTo("/login");
        fill("name", name);
        fill("password", PASSWORD);
        browser.andThenPage(SUBMIT.formatted("main form", ""));
    }

    private void picture(String name) throws IOException {
        String folder = System.getProperty("imprimatur.pictures", "");
        if (!folder.isEmpty()) {
            browser.screenshot(Path.of(folder, name + ".png"));
        }
    }

    private static String submitted(String title) {
        String writer = server.token(TokenKind.PERSONAL, olga);
        String id = server.post(
                        "/api/content",
                        writer,
                        "{\"title\": \"%s\", \"body\": \"Some **words**.\", \"outlets\": [\"feed\"]}".formatted(title))
                .text("/id");
        assertThat(server.post("/api/content/" + id + "/submission", writer, "").status())
                .isEqualTo(200);
        return id;
    }

    private static String state(String id) {
        return server.get("/api/content/" + id, server.token(TokenKind.PERSONAL, olga))
                .text("/state");
    }

    @Test
    void letsAnApproverApproveWhatIsInTheInbox() throws IOException {
        String id = submitted("Spring is here");
        browser.open(url("/login"));
        picture("login");
        logIn("anna", "/inbox");
        assertThat(browser.path()).isEqualTo("/inbox");
        assertThat(browser.text()).contains("Spring is here").contains("by olga");
        picture("inbox");

        browser.open(url("/review/" + id));
        assertThat(browser.text()).contains("Exactly this would be sent").contains("Some");
        picture("review");
        browser.andThenPage(SUBMIT.formatted(
                "form[action$=\"/decision\"]", "document.querySelector('button[value=\"approved\"]')"));

        assertThat(browser.text()).contains("anna").contains("approved it");
        assertThat(state(id)).isEqualTo("approved");
        picture("approved");
    }

    @Test
    void letsAnApproverAskForChanges() {
        String id = submitted("Not yet");
        logIn("anna", "/review/" + id);
        browser.run("document.querySelector('textarea').value = 'shorter, please'");
        browser.andThenPage(SUBMIT.formatted(
                "form[action$=\"/decision\"]", "document.querySelector('button[value=\"changes_requested\"]')"));

        assertThat(browser.text()).contains("shorter, please");
        assertThat(state(id)).isEqualTo("changes_requested");
    }

    @Test
    void showsTheAuthorNoButtonToApprove() {
        String id = submitted("My own");
        logIn("olga", "/review/" + id);

        assertThat(browser.run("document.querySelectorAll('button[value=approved]').length")
                        .asInt())
                .isZero();
        assertThat(browser.text()).contains("takes the role approver");
    }

    @Test
    void escapesWhatWritersWrite() {
        String id = submitted("<img src=x onerror=alert(1)><script>alert(2)</script>");
        logIn("anna", "/review/" + id);

        assertThat(browser.text()).contains("<img src=x onerror=alert(1)>");
        assertThat(browser.run("document.querySelectorAll('main img, main script').length")
                        .asInt())
                .isZero();
    }

    @Test
    void tellsAWrongPasswordOnThePage() throws IOException {
        browser.open(url("/login"));
        fill("name", "olga");
        fill("password", "wrong horse battery");
        browser.andThenPage(SUBMIT.formatted("main form", ""));

        assertThat(browser.path()).isEqualTo("/login");
        assertThat(browser.text()).contains("Nobody has this name and this password");
        picture("wrong-password");
    }

    @Test
    void comesInByAPasskeyThatWasMadeBefore() throws IOException {
        browser.call("WebAuthn.enable", Map.of());
        browser.call(
                "WebAuthn.addVirtualAuthenticator",
                Map.of(
                        "options",
                        Map.of(
                                "protocol", "ctap2",
                                "transport", "internal",
                                "hasResidentKey", true,
                                "hasUserVerification", true,
                                "isUserVerified", true,
                                "automaticPresenceSimulation", true)));
        logIn("olga", "/account");
        assertThat(browser.text()).contains("None yet. A passkey");
        browser.andThenPage(SUBMIT.formatted("#passkey-add", ""));
        assertThat(browser.text()).contains("Remove").doesNotContain("None yet. A passkey");
        picture("account");

        browser.andThenPage(SUBMIT.formatted("form[action=\"/logout\"]", ""));
        assertThat(browser.path()).isEqualTo("/login");
        browser.andThenPage("document.getElementById('passkey-login').click()");

        assertThat(browser.path()).isEqualTo("/inbox");
        assertThat(browser.text()).contains("Log out olga");
        int byPasskey = server.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT count(*) FROM sessions WHERE methods = ARRAY['passkey'] AND revoked_at IS NULL")
                        .mapTo(Integer.class)
                        .one());
        assertThat(byPasskey).isEqualTo(1);
    }

    @Test
    void showsANewTokenOnceAndEndsIt() throws IOException {
        logIn("anna", "/account");
        browser.run("document.querySelector('form[action=\"/account/tokens\"] [name=name]').value = 'drafting'");
        browser.andThenPage(SUBMIT.formatted("form[action=\"/account/tokens\"]", ""));
        String secret =
                browser.run("document.querySelector('.secret').textContent").asString();
        assertThat(server.get("/api/me", secret).text("/token/kind")).isEqualTo("agent");
        picture("token");

        browser.open(url("/account"));
        assertThat(browser.text()).contains("drafting").doesNotContain(secret);
        browser.andThenPage(SUBMIT.formatted("form[action$=\"/revocation\"]", ""));

        assertThat(server.get("/api/me", secret).status()).isEqualTo(401);
    }

    @Test
    void makesTheFirstAccountByItsLink() throws IOException {
        try (TestServer empty = TestServer.start()) {
            String secret = new OneTimeLinks(empty.jdbi(), new Passwords(empty.jdbi())).forTheFirst();
            browser.open(URI.create(empty.url() + "/link/" + secret));
            picture("link");
            fill("name", "first");
            fill("password", PASSWORD);
            browser.andThenPage(SUBMIT.formatted("main form", ""));

            assertThat(browser.path()).isEqualTo("/account");
            assertThat(browser.text()).contains("first").contains("manages people");
            browser.open(URI.create(empty.url() + "/link/" + secret));
            assertThat(browser.text()).contains("This link is used up");
        }
    }

    @Test
    void linksWhomTwoApproversKnow() throws IOException {
        Identities identities = new Identities(server.jdbi());
        identities.find("https://id.example.org", "o1", "olga@example.org");
        Person mona = new People(server.jdbi()).addManager("mona", Set.of(Role.APPROVER));
        new Passwords(server.jdbi()).set(mona, PASSWORD, null, null);
        logIn("mona", "/people");
        assertThat(browser.text()).contains("olga@example.org");
        browser.run("document.querySelector('select[name=person]').value = '%s'".formatted(olga.id()));
        browser.andThenPage(SUBMIT.formatted("form[action$=\"/link\"]", ""));
        picture("people");

        browser.andThenPage(SUBMIT.formatted("form[action$=\"/confirmation\"]", ""));
        assertThat(browser.text()).contains("Four eyes");
        assertThat(identities.find("https://id.example.org", "o1", null)).isEmpty();

        Person nora = new People(server.jdbi()).addManager("nora", Set.of(Role.APPROVER));
        new Passwords(server.jdbi()).set(nora, PASSWORD, null, null);
        browser.open(url("/people"));
        browser.andThenPage(SUBMIT.formatted("form[action=\"/logout\"]", ""));
        logIn("nora", "/people");
        browser.andThenPage(SUBMIT.formatted("form[action$=\"/confirmation\"]", ""));

        assertThat(identities.find("https://id.example.org", "o1", null)).contains(olga);
    }

    @Test
    void keepsPagesFromWhoMayNot() {
        logIn("olga", "/people");

        assertThat(browser.text()).contains("Your role does not allow this");
    }
}
