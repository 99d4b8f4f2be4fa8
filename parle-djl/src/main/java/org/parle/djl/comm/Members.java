package org.parle.djl.comm;

/**
 * Who is where: the replicas of this process among those of all processes.
 *
 * @param local replicas in each process
 * @param process which process this is
 * @param processes how many there are
 */
record Members(int local, int process, int processes) {

    int size() {
        return local * processes;
    }

    /** The rank of this process's replica with that index. */
    int rank(int index) {
        return process * local + index;
    }

    boolean isHere(int rank) {
        return processOf(rank) == process;
    }

    int processOf(int rank) {
        return rank / local;
    }

    int indexOf(int rank) {
        return rank % local;
    }
}
