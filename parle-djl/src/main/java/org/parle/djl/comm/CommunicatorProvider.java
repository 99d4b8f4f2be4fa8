package org.parle.djl.comm;

import java.time.Duration;

/**
 * Connects the processes of a job. Found through {@link java.util.ServiceLoader}: a provider of
 * your own needs a public class with a public constructor without arguments, named in {@code
 * META-INF/services/org.parle.djl.comm.CommunicatorProvider}.
 *
 * <p>The one that says that it has launched this process is used; the system property {@code
 * parle.communicator} names another, or {@code none}.
 */
public interface CommunicatorProvider {

    /**
     * Returns the name.
     *
     * @return lower case, for example {@code mpi}
     */
    String name();

    /**
     * Returns whether this process was started as one of several by the transport's launcher.
     *
     * @return true where {@link #connect} would find others
     */
    boolean launched();

    /**
     * Connects this process with all others of the job, one rank each. Collective, and called more
     * than once: calls on one of the communicators know nothing of the others.
     *
     * @param timeout how long a wait lasts at the most where none else is said
     * @return a new communicator
     * @throws IllegalStateException if what the transport needs is not installed; the message says
     *     what is missing
     */
    Communicator connect(Duration timeout);

    /**
     * Returns the number of this process among those on its host.
     *
     * @return from 0
     */
    int localRank();

    /**
     * Returns how many processes of the job are on this host.
     *
     * @return at least 1
     */
    int localSize();
}
