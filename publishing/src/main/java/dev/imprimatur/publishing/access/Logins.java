package dev.imprimatur.publishing.access;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ways in that end with a session. */
public final class Logins {
    private final Passwords passwords;
    private final LoginThrottle throttle;
    private final OneTimeLinks links;
    private final Sessions sessions;

    public Logins(Passwords passwords, LoginThrottle throttle, OneTimeLinks links, Sessions sessions) {
        this.passwords = passwords;
        this.throttle = throttle;
        this.links = links;
        this.sessions = sessions;
    }

    /**
     * The browser that asks to be let in.
     *
     * @param device what it says it is, or null
     * @param session the one it came with, or null
     */
    public record Browser(
            InetAddress address,
            @Nullable String device,
            @Nullable String userAgent,
            @Nullable Session session) {}

    /** What comes of it. */
    public sealed interface Outcome {}

    /** @param device what the browser is to say it is from now on */
    public record LoggedIn(Sessions.Opened opened, Person person, String device) implements Outcome {}

    /** Nobody has this name and this password; which of the two is wrong is not told. */
    public record Wrong() implements Outcome {}

    /** Not looked at: too many were wrong. */
    public record TooSoon(Duration delay) implements Outcome {}

    public Outcome byPassword(String name, String password, Browser browser) {
        Optional<Duration> wait = throttle.attempt(name, browser.address(), browser.device());
        if (wait.isPresent()) {
            return new TooSoon(wait.get());
        }
        return passwords
                .check(name, password)
                .<Outcome>map(person -> in(person, Session.Method.PASSWORD, browser))
                .orElseGet(Wrong::new);
    }

    /** Uses a one-time link up: the password is this one from now on. */
    public LoggedIn byLink(String secret, @Nullable String name, String password, Browser browser) {
        return in(links.redeem(secret, name, password), Session.Method.LINK, browser);
    }

    /** For who has shown elsewhere who they are. */
    public LoggedIn in(Person person, Session.Method method, Browser browser) {
        Sessions.Opened opened = sessions.open(person, Set.of(method), browser.userAgent(), browser.session());
        return new LoggedIn(opened, person, throttle.succeeded(person, browser.address(), browser.device()));
    }
}
