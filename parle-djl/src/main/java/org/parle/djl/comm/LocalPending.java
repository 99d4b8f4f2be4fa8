package org.parle.djl.comm;

import java.time.Duration;

/**
 * A replica's own view of a {@link Slot}.
 *
 * @param <T> what the communication brings
 */
final class LocalPending<T> implements Pending<T> {

    private final LocalCommunicator communicator;
    private Slot slot;
    private boolean ended;
    private T value;

    LocalPending(LocalCommunicator communicator, Slot slot) {
        this.communicator = communicator;
        this.slot = slot;
    }

    @Override
    @SuppressWarnings("unchecked") // each kind of call brings what its method says
    public T await(Duration timeout) {
        if (!ended) {
            value = (T) communicator.await(slot, timeout);
            ended = true;
            // others' vectors and messages hang on it
            slot = null;
        }
        return value;
    }

    @Override
    public T await() {
        return await(communicator.timeout());
    }
}
