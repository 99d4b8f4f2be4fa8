package org.parle.djl.comm;

import ai.djl.ndarray.NDArray;

/**
 * The mean of the vectors, share by share: whoever takes a share reads it from all n vectors and
 * writes its mean to all, so 2(n &minus; 1)/n of a vector moves per replica. Between processes the
 * first replica of each carries its process's mean.
 */
final class AllReduce extends Collective {

    private final VectorSet vectors;
    private final Shares work;

    AllReduce(Call[] calls, Members members) {
        super(calls, members);
        vectors = VectorSet.of(calls);
        work = Shares.ofWork(calls[0].length(), calls.length);
    }

    @Override
    int gatherTasks() {
        return calls.length == 1 ? 0 : work.count();
    }

    @Override
    void gather(int task) {
        int targets = members.processes() == 1 ? calls.length : 1;
        vectors.mean(work.from(task), work.to(task), targets);
    }

    @Override
    Pending<?> between(Communicator processes) {
        NDArray mean = calls[0].vector();
        return processes.allReduceMean(mean);
    }

    @Override
    int spreadTasks() {
        return calls.length == 1 || members.processes() == 1 ? 0 : work.count();
    }

    @Override
    void spread(int task) {
        vectors.spread(0, work.from(task), work.to(task));
    }

    /**
     * In one process: its pieces of the others' shares, then its own share to each. Between
     * processes: its vector to the first replica, which gives the result to all.
     */
    @Override
    long sent(int index) {
        long length = calls[0].length();
        long others = calls.length - 1L;
        if (members.processes() > 1) {
            return Float.BYTES * length * (index == 0 ? others : 1);
        }
        long own = new Shares(length, calls.length).size(index);
        return Float.BYTES * (length - own + own * others);
    }

    @Override
    long received(int index) {
        // what comes in of its own share, and the others' results: the same number
        return sent(index);
    }
}
