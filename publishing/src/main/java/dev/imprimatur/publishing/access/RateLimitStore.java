package dev.imprimatur.publishing.access;

/**
 * Counts calls. A store is exact: whatever the span, if it is as long as the limit's window, it holds no more granted
 * calls than the limit says, and a call is refused only where it would be one too many. Refused calls do not count.
 * Many threads may ask at once, and where stores share what they count, many processes.
 */
public interface RateLimitStore extends AutoCloseable {
    /**
     * Grants and counts one call, or refuses it.
     *
     * @param key whose calls are counted together; parted by the limit's policy and window
     * @throws UnavailableException when nobody can say, and nothing is known to have been counted
     */
    Allowance take(String key, RateLimit limit);

    /** Lets go of what the store holds, if anything. */
    @Override
    default void close() {}

    /** The store does not answer, or not in time. */
    final class UnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public UnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
