package org.parle.djl.training;

import ai.djl.TrainingDivergedException;
import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.vector.DeviceDoor;
import org.parle.djl.vector.Vectors;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Whether one replica's gradients are finite. A GPU works ahead of its host: there another thread
 * waits for the answer, which is looked at before something is sent or read, at the next step at
 * the latest.
 */
final class FiniteCheck {

    private static final ExecutorService WAITING =
            Executors.newCachedThreadPool(
                    work -> {
                        Thread thread = new Thread(work, "waiting for a device");
                        thread.setDaemon(true);
                        return thread;
                    });

    private final int rank;
    private Future<Boolean> finite;
    private long step;

    FiniteCheck(int rank) {
        this.rank = rank;
    }

    /** Begins to look at a gradient, after the one before. */
    void begin(NDArray gradient, long k) {
        require();
        step = k;
        if (!gradient.getDevice().isGpu()) {
            require(Vectors.finite(gradient));
            return;
        }
        NDArray sum = gradient.sum();
        // whoever is closed meanwhile
        sum.detach();
        finite =
                WAITING.submit(
                        () -> {
                            try (sum) {
                                return Float.isFinite(DeviceDoor.value(sum));
                            }
                        });
    }

    /** Refuses to go on after a gradient that was not finite. */
    void require() {
        Future<Boolean> newest = finite;
        finite = null;
        if (newest != null) {
            require(await(newest));
        }
    }

    private void require(boolean isFinite) {
        if (!isFinite) {
            throw new TrainingDivergedException(
                    "training diverged: the gradient of replica "
                            + rank
                            + " is not finite at step "
                            + step
                            + "; a smaller learning rate or clipNorm may help");
        }
    }

    private static boolean await(Future<Boolean> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommunicationException("interrupted while a step was under way", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
