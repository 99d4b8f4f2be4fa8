package org.parle.djl.comm;

/** Which collective the calls of a process's replicas make together. */
final class Collectives {

    private Collectives() {}

    /** The collective that calls, all alike, make together. */
    static Collective of(Call[] calls, Members members) {
        return switch (calls[0].kind()) {
            case ALL_REDUCE -> new AllReduce(calls, members);
            case BROADCAST -> new Broadcast(calls, members);
            case EXCHANGE -> new Exchange(calls, members);
            case ALL_GATHER -> new AllGather(calls, members);
            case BARRIER -> new Barrier(calls, members);
        };
    }
}
