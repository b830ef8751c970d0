package dev.imprimatur.server.api;

import dev.imprimatur.server.settings.TrustedProxies;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Collections;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Shows a request that came through a proxy of ours as its client made it: from the client's address, and to our public
 * URL, whatever scheme and host the proxy has used. Every other request is left as it is, headers and all.
 */
final class BehindProxies extends OncePerRequestFilter {
    private final TrustedProxies proxies;
    private final URI publicUrl;

    BehindProxies(TrustedProxies proxies, URI publicUrl) {
        this.proxies = proxies;
        this.publicUrl = publicUrl;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        InetAddress remote = InetAddress.ofLiteral(request.getRemoteAddr().replaceFirst("%.*", ""));
        chain.doFilter(
                proxies.trusts(remote) ? new AsTheClientSentIt(request, client(remote, request), publicUrl) : request,
                response);
    }

    private String client(InetAddress remote, HttpServletRequest request) {
        return proxies.client(
                        remote,
                        Collections.list(request.getHeaders(proxies.header().label())))
                .getHostAddress();
    }

    private static final class AsTheClientSentIt extends HttpServletRequestWrapper {
        private final String client;
        private final URI publicUrl;

        AsTheClientSentIt(HttpServletRequest request, String client, URI publicUrl) {
            super(request);
            this.client = client;
            this.publicUrl = publicUrl;
        }

        @Override
        public String getRemoteAddr() {
            return client;
        }

        @Override
        public String getRemoteHost() {
            return client;
        }

        @Override
        public String getScheme() {
            return publicUrl.getScheme();
        }

        @Override
        public boolean isSecure() {
            return "https".equals(getScheme());
        }

        @Override
        public String getServerName() {
            return publicUrl.getHost();
        }

        @Override
        public int getServerPort() {
            return publicUrl.getPort() != -1 ? publicUrl.getPort() : isSecure() ? 443 : 80;
        }

        @Override
        public StringBuffer getRequestURL() {
            return new StringBuffer(publicUrl.getScheme())
                    .append("://")
                    .append(publicUrl.getRawAuthority())
                    .append(getRequestURI());
        }
    }
}
