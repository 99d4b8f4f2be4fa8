package org.parle.djl.comm;

import java.time.Duration;

/**
 * A communication that was started and has not been waited for yet.
 *
 * <p>Waited for by the thread that started it, or by one to which it was handed over safely; never
 * by two at once. Waiting again after the end gives the same value again.
 *
 * @param <T> what the communication brings, {@link Void} where it only has to end
 */
public interface Pending<T> {

    /**
     * Waits for the end. Until then everything that was given to the call belongs to it.
     *
     * @param timeout how long to wait at the most
     * @return what the communication brought
     * @throws CommunicationException if the time is up (the message names the ranks not heard
     *     from), or if the group was aborted (the cause is what ended it)
     */
    T await(Duration timeout);

    /**
     * Waits for the end, for as long as {@link Communicator#timeout()} says.
     *
     * @return what the communication brought
     * @throws CommunicationException as {@link #await(Duration)}
     */
    T await();
}
