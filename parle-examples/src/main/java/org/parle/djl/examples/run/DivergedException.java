package org.parle.djl.examples.run;

import ai.djl.TrainingDivergedException;

/** Training diverged, at a step that is known. */
final class DivergedException extends TrainingDivergedException {

    private static final long serialVersionUID = 1L;

    /** The step at which it did, from 1. */
    private final long step;

    /** What the weights that a step has left lead to. */
    DivergedException(long step, String message) {
        super(message);
        this.step = step;
    }

    /** What the library found as it took a step. */
    DivergedException(long step, TrainingDivergedException cause) {
        super(cause.getMessage(), cause);
        this.step = step;
    }

    long getStep() {
        return step;
    }
}
