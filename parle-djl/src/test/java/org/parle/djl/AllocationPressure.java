package org.parle.djl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that fills direct buffers with NaN, drops them and collects, so that memory that nobody
 * holds any more soon has other values.
 */
public final class AllocationPressure implements AutoCloseable {

    private static final int EVERY = 4;
    private static final AtomicInteger ON = new AtomicInteger();
    private static final AtomicInteger MOMENTS = new AtomicInteger();

    private final Thread thread = new Thread(this::press, "allocation pressure");
    private volatile boolean closed;

    /** Begins. */
    public AllocationPressure() {
        thread.setDaemon(true);
        thread.start();
        ON.incrementAndGet();
    }

    /** Presses at every fourth such moment as well, on the thread itself, if there is pressure. */
    static void moment() {
        if (ON.get() > 0 && MOMENTS.incrementAndGet() % EVERY == 0) {
            once(new Random(MOMENTS.get()));
        }
    }

    private void press() {
        Random random = new Random(1);
        while (!closed) {
            long begin = System.nanoTime();
            once(random);
            // as long again for the others: there may be more such threads than cores
            LockSupport.parkNanos(System.nanoTime() - begin);
        }
    }

    /**
     * Collects once, and overwrites what that has freed.
     *
     * @param random of the sizes
     */
    public static void once(Random random) {
        System.gc();
        for (int i = 0; i < 3000; i++) {
            ByteBuffer buffer =
                    ByteBuffer.allocateDirect(4 + random.nextInt(200))
                            .order(ByteOrder.nativeOrder());
            for (int j = 0; j + Float.BYTES <= buffer.capacity(); j += Float.BYTES) {
                buffer.putFloat(j, Float.NaN);
            }
        }
    }

    /** Whether the thread still presses. */
    public boolean isOn() {
        return thread.isAlive();
    }

    /** Ends the thread. */
    @Override
    public void close() {
        ON.decrementAndGet();
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
