package org.parle.djl.comm.mpi;

import mpi.MPIException;
import mpi.Request;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Requests in stages: the next stage starts when all requests of one have ended. */
final class MpiStages implements MpiWork {

    private final Deque<Mpi.Action<List<Request>>> stages;
    // requests must be reachable until they have ended
    private final List<Request> requests = new ArrayList<>();

    MpiStages(List<Mpi.Action<List<Request>>> stages) {
        this.stages = new ArrayDeque<>(stages);
    }

    @Override
    public Progress advance() throws MPIException {
        int before = requests.size();
        for (int i = before - 1; i >= 0; i--) {
            if (requests.get(i).test()) {
                requests.remove(i);
            }
        }
        if (!requests.isEmpty()) {
            return requests.size() < before ? Progress.SOME : Progress.NONE;
        }
        if (stages.isEmpty()) {
            return Progress.DONE;
        }
        requests.addAll(stages.remove().run());
        return Progress.SOME;
    }
}
