package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Pending;

/** An all-reduce. */
final class ExactMean extends Mean {

    private final Communicator communicator;
    private Pending<Void> inFlight;

    ExactMean(Context context) {
        communicator = context.communicator();
    }

    @Override
    void start(NDArray vector) {
        inFlight = communicator.allReduceMean(vector);
    }

    @Override
    boolean finish() {
        if (inFlight == null) {
            return false;
        }
        inFlight.await();
        inFlight = null;
        return true;
    }
}
