package org.parle.djl.vector;

import ai.djl.pytorch.jni.JniUtils;

/**
 * Turns PyTorch's recording of gradients on or off for a while, on this thread only.
 *
 * <p>The mode belongs to a thread and is on in new ones, where an in-place change of a parameter
 * would fail. Use with try; closed by the thread that opened it.
 */
public final class GradientMode implements AutoCloseable {

    private final boolean before;

    private GradientMode(boolean on) {
        before = JniUtils.isGradMode();
        JniUtils.setGradMode(on);
    }

    /**
     * Turns recording off until closed.
     *
     * @return what restores the mode when closed
     */
    public static GradientMode off() {
        return new GradientMode(false);
    }

    /**
     * Turns recording on until closed.
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
