package org.parle.djl;

import org.parle.djl.comm.Running;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stops a run if the JVM is asked to end meanwhile, as by a signal, and lets it come to the end of
 * a step and save: JVM and libraries stay as they are for so long.
 */
final class AtShutdown {

    private static final long SECONDS = 30;

    private final Runnable stop;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Running running = Running.begin();
    private final Thread hook = new Thread(this::shutDown, "parle stops");

    private AtShutdown(Runnable stop) {
        this.stop = stop;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Runs something.
     *
     * @param stop asks it to end, and returns at once
     * @param work to run
     */
    static void stopping(Runnable stop, Runnable work) {
        AtShutdown watch = new AtShutdown(stop);
        try {
            work.run();
        } finally {
            watch.end();
        }
    }

    private void shutDown() {
        stop.run();
        try {
            // a body that ends the JVM itself would wait for this hook, and others for that body
            if (Thread.getAllStackTraces().values().stream()
                    .noneMatch(AtShutdown::isBodyThatExits)) {
                if (!ended.await(SECONDS, TimeUnit.SECONDS)) {
                    System.err.println("parle: the replicas have not ended within 30 s");
                }
            } else {
                running.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isBodyThatExits(StackTraceElement[] stack) {
        return Arrays.stream(stack).anyMatch(at -> at.getClassName().equals("java.lang.Shutdown"))
                && Arrays.stream(stack)
                        .anyMatch(at -> at.getClassName().equals(BodyThreads.class.getName()));
    }

    private void end() {
        ended.countDown();
        running.close();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending: the hook runs, and has been told
        }
    }
}
