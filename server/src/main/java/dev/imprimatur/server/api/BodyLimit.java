package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a body that is larger than any honest one, before it fills the memory, whether its length is told or not; and
 * one that trickles in for longer than any honest one.
 */
final class BodyLimit extends OncePerRequestFilter {
    /** Room for a body of 1 MiB with every character escaped, and its variants. */
    static final long MOST = 8L * 1024 * 1024;

    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Problems problems;
    private final Duration longest;

    BodyLimit(Problems problems) {
        this(problems, LONGEST);
    }

    BodyLimit(Problems problems, Duration longest) {
        this.problems = problems;
        this.longest = longest;
    }

    /** The body was given up in the middle; the rest of it is not read. */
    static final class GivenUpException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient RefusedException refused;

        GivenUpException(RefusedException refused) {
            super(refused);
            this.refused = refused;
        }

        RefusedException refused() {
            return refused;
        }
    }

    private static RefusedException tooSlow(Duration longest) {
        return new RefusedException(
                ErrorCode.TOO_SLOW, "the body of a request must be here within %d s".formatted(longest.toSeconds()));
    }

    private static RefusedException tooLarge() {
        return new RefusedException(
                ErrorCode.TOO_LARGE, "the body of a request may have %,d bytes at most".formatted(MOST));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > MOST) {
            problems.write(tooLarge(), request, response);
            return;
        }
        chain.doFilter(new Counted(request, longest), response);
    }

    private static final class Counted extends HttpServletRequestWrapper {
        private final Duration longest;

        Counted(HttpServletRequest request, Duration longest) {
            super(request);
            this.longest = longest;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new Counting(super.getInputStream(), longest);
        }
    }

    private static final class Counting extends ServletInputStream {
        private final ServletInputStream body;
        private final Duration longest;
        private final long began = System.nanoTime();
        private long left = MOST;

        Counting(ServletInputStream body, Duration longest) {
            this.body = body;
            this.longest = longest;
        }

        private int count(int read) throws IOException {
            left -= Math.max(read, 0);
            if (left < 0) {
                throw new GivenUpException(tooLarge());
            }
            if (read >= 0 && System.nanoTime() - began > longest.toNanos()) {
                throw new GivenUpException(tooSlow(longest));
            }
            return read;
        }

        @Override
        public int read() throws IOException {
            int read = body.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return count(body.read(buffer, offset, length));
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
