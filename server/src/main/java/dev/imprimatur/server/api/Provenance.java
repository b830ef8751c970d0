package dev.imprimatur.server.api;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Whose page made a browser send a request, as far as the browser tells. A page cannot write these headers. */
enum Provenance {
    /** A page of ours, or the person, who typed the address. */
    OURS,
    ELSEWHERE,
    /** No browser of these years, or none at all. */
    UNTOLD;

    /**
     * Fetch Metadata decides where there is any, then Origin, then Referer. Because our pages send no referrer, browsers
     * write {@code Origin: null} into a form of our own; so Origin only counts where there is no Sec-Fetch-Site.
     */
    static Provenance of(HttpServletRequest request, URI own) {
        List<String> site = Collections.list(request.getHeaders("Sec-Fetch-Site"));
        if (!site.isEmpty()) {
            return site.equals(List.of("same-origin")) || site.equals(List.of("none")) ? OURS : ELSEWHERE;
        }
        List<String> origin = Collections.list(request.getHeaders(HttpHeaders.ORIGIN));
        if (!origin.isEmpty()) {
            return origin.size() == 1 && isOrigin(origin.getFirst()) && isSame(origin.getFirst(), own)
                    ? OURS
                    : ELSEWHERE;
        }
        List<String> referer = Collections.list(request.getHeaders(HttpHeaders.REFERER));
        if (!referer.isEmpty()) {
            return referer.size() == 1 && isSame(referer.getFirst(), own) ? OURS : ELSEWHERE;
        }
        return UNTOLD;
    }

    private static boolean isOrigin(String text) {
        return text.chars().filter(one -> one == '/').count() == 2;
    }

    private static boolean isSame(String text, URI own) {
        try {
            String theirs = origin(new URI(text));
            return theirs != null && theirs.equals(origin(own));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static @Nullable String origin(URI uri) {
        String scheme = uri.getScheme();
        String host = uri.getHost();
        if (scheme == null || host == null || uri.getRawUserInfo() != null) {
            return null;
        }
        String lower = scheme.toLowerCase(Locale.ROOT);
        int port = uri.getPort() != -1 ? uri.getPort() : lower.equals("https") ? 443 : lower.equals("http") ? 80 : 0;
        return lower + "://" + host.toLowerCase(Locale.ROOT) + ":" + port;
    }
}
