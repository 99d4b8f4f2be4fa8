package org.parle.djl.comm;

/**
 * A communication between replicas could not end: ranks did not answer in time, replicas called
 * different things, or another replica failed (then the cause is its failure).
 */
public class CommunicationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

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
}
