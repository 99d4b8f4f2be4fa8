package org.parle.djl.comm;

/**
 * A communication between replicas could not end: ranks did not answer in time, replicas called
 * different things, or another replica failed (then the cause is its failure).
 */
public class CommunicationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String ENDED = "replica group ended: ";

    /**
     * Creates an exception.
     *
     * @param message what happened, naming the ranks
     */
    public CommunicationException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message what happened, naming the ranks
     * @param cause what ended the group
     */
    public CommunicationException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What a replica is told that waits in a group which something has ended. */
    static CommunicationException ended(Throwable cause) {
        String message =
                cause instanceof CommunicationException && cause.getMessage() != null
                        ? cause.getMessage()
                        : cause.toString();
        return new CommunicationException(
                message.startsWith(ENDED) ? message : ENDED + message, cause);
    }

    /** A failure between processes, whose ranks count processes. */
    static CommunicationException between(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        return new CommunicationException(
                message.startsWith(ENDED)
                        ? message
                        : "between processes (replica means process here): " + message,
                e);
    }
}
