package dev.imprimatur.server.settings;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** By which OpenID provider people may come in, if by any. It says who somebody is elsewhere, and gives no role here. */
public record SingleSignOn(Optional<Provider> provider) {
    /** As it stands in the address that logins come back to. */
    public static final String ID = "oidc";

    /** @param label what people call it */
    public record Provider(URI issuer, String clientId, String clientSecret, String label) {
        @Override
        public String toString() {
            return "Provider[%s, %s, ***]".formatted(issuer, clientId);
        }
    }

    /** Whoever can read along there can be anybody here, so it is https, or this machine. */
    static URI issuer(String text) {
        URI url = SettingsReader.url(text);
        if (!"https".equals(url.getScheme())
                && !url.getHost().equals("localhost")
                && !url.getHost().equals("127.0.0.1")) {
            throw new IllegalArgumentException("an issuer is https://…");
        }
        return url;
    }

    /** By id, how the login page names them. */
    public Map<String, String> providers() {
        return provider.map(known -> Map.of(ID, known.label())).orElseGet(Map::of);
    }
}
