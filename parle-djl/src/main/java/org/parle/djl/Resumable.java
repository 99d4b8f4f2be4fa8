package org.parle.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.util.Map;
import java.util.OptionalInt;

/** What checkpoints need of a trainer, whichever of the two doors it came through. */
interface Resumable {

    World world();

    LocalReplicas replicas();

    TrainingInputs inputs();

    NDManager manager();

    /**
     * Lays the vectors out, where that was not done yet, and puts the training's own values in
     * place. Collective.
     *
     * @return the model's other arrays as the training has them, live, by name: statistics, and
     *     what is frozen
     */
    Map<String, NDArray> others();

    /**
     * Goes on from values that were put in place.
     *
     * @param updatesPerEpoch the steps of an epoch, where known
     */
    void resumed(OptionalInt updatesPerEpoch);

    /** Does something whose failure ends the other replicas' waits. */
    void guarded(Runnable work);
}
