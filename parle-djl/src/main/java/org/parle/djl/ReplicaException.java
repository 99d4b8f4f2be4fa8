package org.parle.djl;

/** A replica failed, and with it the group; the cause is what happened there. */
public final class ReplicaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The replica that failed first. */
    private final int rank;

    ReplicaException(int rank, Throwable cause) {
        super("replica " + rank + " failed: " + cause, cause);
        this.rank = rank;
    }

    /**
     * Returns which replica failed first.
     *
     * @return its body's rank
     */
    public int getRank() {
        return rank;
    }
}
