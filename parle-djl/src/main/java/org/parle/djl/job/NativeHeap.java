package org.parle.djl.job;

import com.sun.jna.Function;

/** The heap of C, from which PyTorch has its memory. */
public final class NativeHeap {

    private NativeHeap() {}

    /**
     * Gives what is free in it back to the system. The C library keeps a heap for each few threads,
     * and what threads had that have ended would stay there, in pieces. Does nothing where the C
     * library has no such function. Thread-safe.
     */
    public static void trim() {
        try {
            Function.getFunction("c", "malloc_trim").invokeInt(new Object[] {0L});
        } catch (LinkageError e) {
            // another C library than Linux's, or JNA, which DJL brings, was left out
        }
    }
}
