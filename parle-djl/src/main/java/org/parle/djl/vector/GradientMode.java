package org.parle.djl.vector;

import ai.djl.pytorch.jni.JniUtils;

import java.util.function.Supplier;

/**
 * Turns PyTorch's recording of gradients on or off for a while, on this thread only.
 *
 * <p>The mode belongs to a thread and is on in new ones, where an in-place change of a parameter
 * would fail.
 */
public final class GradientMode implements AutoCloseable {

    private final boolean before;

    private GradientMode(boolean on) {
        before = JniUtils.isGradMode();
        JniUtils.setGradMode(on);
    }

    /**
     * Runs something that is not recorded.
     *
     * @param work what to run
     */
    public static void off(Runnable work) {
        off(
                () -> {
                    work.run();
                    return null;
                });
    }

    /**
     * Computes something that is not recorded.
     *
     * @param work what to compute
     * @param <T> what comes out
     * @return what it gave
     */
    public static <T> T off(Supplier<T> work) {
        GradientMode mode = new GradientMode(false);
        try {
            return work.get();
        } finally {
            mode.close();
        }
    }

    /**
     * Turns recording on until closed, by the same thread.
     *
     * @return what restores the mode when closed
     */
    public static GradientMode on() {
        return new GradientMode(true);
    }

    @Override
    public void close() {
        JniUtils.setGradMode(before);
    }
}
