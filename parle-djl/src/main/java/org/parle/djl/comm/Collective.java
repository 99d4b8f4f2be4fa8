package org.parle.djl.comm;

/**
 * One collective, once all replicas of the process have called it: tasks that gather what the
 * process has to say, a call to the other processes on behalf of all, tasks that spread the answer.
 *
 * <p>Tasks of one stage run on any threads at the same time; each stage happens after the one
 * before.
 */
abstract class Collective {

    final Call[] calls;
    final Members members;

    Collective(Call[] calls, Members members) {
        this.calls = calls;
        this.members = members;
    }

    int gatherTasks() {
        return 0;
    }

    void gather(int task) {
        throw new IllegalStateException("no such task: " + task);
    }

    /** Starts the same collective between the processes; only called where there are several. */
    abstract Pending<?> between(Communicator processes);

    /** Takes what {@link #between} brought. */
    void take(Object answer) {}

    int spreadTasks() {
        return 0;
    }

    void spread(int task) {
        throw new IllegalStateException("no such task: " + task);
    }

    /** What the replica with that index gets, after all tasks. */
    Object result(int index) {
        return null;
    }

    /** Bytes that the replica with that index gave to others of its process. */
    abstract long sent(int index);

    /** Bytes that the replica with that index got from others of its process. */
    abstract long received(int index);

    /** Lets go of the vectors. */
    void close() {
        for (Call call : calls) {
            call.close();
        }
    }
}
