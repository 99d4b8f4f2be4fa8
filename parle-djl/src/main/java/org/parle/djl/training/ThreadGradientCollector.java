package org.parle.djl.training;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;

import org.parle.djl.vector.GradientMode;
import org.parle.djl.vector.StepMemory;

/**
 * Records and backpropagates on the calling thread only: DJL's own collector allows one per JVM,
 * and replicas on threads need one each.
 */
public final class ThreadGradientCollector implements GradientCollector {

    private final GradientMode mode = GradientMode.on();
    private final StepMemory memory;

    /**
     * Begins to record.
     *
     * @param memory what holds Java's memory meanwhile
     */
    public ThreadGradientCollector(StepMemory memory) {
        this.memory = memory;
        memory.recordingBegins();
    }

    @Override
    public void backward(NDArray target) {
        try (NDArray seed = target.onesLike()) {
            JniUtils.backward((PtNDArray) target, (PtNDArray) seed, false, false);
        }
    }

    /** Gradients are set to zero by the step that has used them. */
    @Override
    public void zeroGradients() {
        throw new UnsupportedOperationException(
                "replicas set their gradients to zero at every step; there is nothing to do");
    }

    @Override
    public void close() {
        mode.close();
        memory.recordingEnds();
    }
}
