package org.parle.djl;

/** What each replica runs. */
@FunctionalInterface
public interface ReplicaBody {

    /**
     * Trains, as one of several that all do the same.
     *
     * @param replica which one this is, and what it needs
     * @throws Exception if anything fails; it ends the whole group
     */
    void run(Replica replica) throws Exception;
}
