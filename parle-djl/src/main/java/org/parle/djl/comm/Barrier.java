package org.parle.djl.comm;

/** Nothing but the meeting itself. */
final class Barrier extends Collective {

    Barrier(Call[] calls, Members members) {
        super(calls, members);
    }

    @Override
    Pending<?> between(Communicator processes) {
        return processes.barrier();
    }

    @Override
    long sent(int index) {
        return 0;
    }

    @Override
    long received(int index) {
        return 0;
    }
}
