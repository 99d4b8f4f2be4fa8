package org.parle.djl.checkpoint;

/**
 * A checkpoint could not be written, or one that was found cannot be resumed: it is damaged, or
 * another run's. The message names the file and what differs, in one line.
 */
public final class CheckpointException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which file, and what is wrong with it
     */
    public CheckpointException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message which file, and what is wrong with it
     * @param cause what the file system or a decoder said
     */
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
