package org.parle.djl.comm;

/** The root's vector for all; in the other processes the first replica takes it in. */
final class Broadcast extends Collective {

    private final VectorSet vectors;
    private final Shares work;
    private final int carrier;

    Broadcast(Call[] calls, Members members) {
        super(calls, members);
        vectors = VectorSet.of(calls);
        work = Shares.ofWork(calls[0].length(), calls.length);
        int root = calls[0].root();
        carrier = members.isHere(root) ? members.indexOf(root) : 0;
    }

    @Override
    Pending<?> between(Communicator processes) {
        return processes.broadcast(calls[carrier].vector(), members.processOf(calls[0].root()));
    }

    @Override
    int spreadTasks() {
        return calls.length == 1 ? 0 : work.count();
    }

    @Override
    void spread(int task) {
        vectors.spread(carrier, work.from(task), work.to(task));
    }

    @Override
    long sent(int index) {
        return index == carrier ? Float.BYTES * calls[0].length() * (calls.length - 1) : 0;
    }

    @Override
    long received(int index) {
        return index == carrier ? 0 : Float.BYTES * calls[0].length();
    }
}
