package dev.imprimatur.server.runtime;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * What one client may take up. A connection that is slow holds no thread of the machine's: its request is read without
 * one, or by a virtual one; so it is connections that run out first, and files that they stand for.
 */
final class WebBounds implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    private static final int MOST_CONNECTIONS = 8192;
    /** Of open files, for the database, the jars and all else. */
    private static final int RESERVED = 256;

    private static final int HEADER_BYTES = 16 * 1024;
    private static final int HEADERS = 100;
    private static final int FORM_BYTES = 256 * 1024;
    private static final int PARAMETERS = 200;
    /** So much of a body that was refused is still taken in: who sends on after that reads a reset instead of why. */
    private static final int REFUSED_BYTES = 16 * 1024 * 1024;
    /** Milliseconds without a byte, in the middle of a request and between two of them. */
    private static final int SILENT = 20_000;

    private static final int IDLE = 60_000;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(WebBounds::bound);
    }

    private static void bound(Connector connector) {
        connector.setMaxPostSize(FORM_BYTES);
        connector.setMaxParameterCount(PARAMETERS);
        if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
            http.setMaxHttpRequestHeaderSize(HEADER_BYTES);
            http.setMaxHeaderCount(HEADERS);
            http.setMaxSwallowSize(REFUSED_BYTES);
            http.setConnectionTimeout(SILENT);
            http.setKeepAliveTimeout(IDLE);
            http.setMaxConnections(connections());
        }
    }

    /** One connection more than there are files would stop the accepting of all others. */
    static int connections() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            long files = unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount() - RESERVED;
            return Math.clamp(files, 64, MOST_CONNECTIONS);
        }
        return MOST_CONNECTIONS;
    }
}
