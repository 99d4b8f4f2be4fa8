package org.parle.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Many runs of which one body does something bad at a random place; all end, with its cause. */
public class SoakTest {

    private static final int RUNS = 300;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration SLACK = Duration.ofSeconds(5);
    private static final Duration ALL = Duration.ofMinutes(5);

    private enum Bad {
        THROWS("the soak's own"),
        BLOCKS("replica"),
        RETURNS("has ended"),
        IS_INTERRUPTED("interrupt");

        private final String says;

        Bad(String says) {
            this.says = says;
        }
    }

    @Test
    public void shouldEndEveryRunWithItsCause() throws Exception {
        // threads of the engine's and of the logger's are there from the first run on
        run(2, 0, 1, Bad.THROWS);
        int before = threads();
        Random random = new Random(20);
        long end = System.nanoTime() + ALL.toNanos();
        int done = 0;
        for (; done < RUNS && System.nanoTime() < end; done++) {
            int n = 2 + random.nextInt(5);
            // a body that blocks takes its timeout: one of ten does
            int kind = random.nextInt(10);
            Bad bad = kind == 0 ? Bad.BLOCKS : Bad.values()[new int[] {0, 2, 3}[kind % 3]];
            run(n, random.nextInt(n), random.nextInt(12), bad);
        }
        for (int wait = 0; threads() > before && wait < 100; wait++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        Assert.assertTrue(threads() <= before, Thread.getAllStackTraces().keySet().toString());
        Assert.assertTrue(done >= RUNS / 10, "only " + done + " runs");
        System.out.println("soak: " + done + " runs ended with the right cause");
    }

    private static int threads() {
        return (int)
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().matches("replica \\d+|device of .*"))
                        .count();
    }

    private static void run(int n, int who, int place, Bad bad) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        String what = bad + " in replica " + who + " of " + n + " at " + place;
        long begin = System.nanoTime();
        try (NDManager manager = NDManager.newBaseManager()) {
            RuntimeException e =
                    Assert.expectThrows(
                            RuntimeException.class,
                            () ->
                                    Replicas.builder()
                                            .optTimeout(TIMEOUT)
                                            .optWorkers(2)
                                            .build(n)
                                            .run(
                                                    replica ->
                                                            body(
                                                                    replica, manager, who, place,
                                                                    bad, release)));
            long took = System.nanoTime() - begin;
            Assert.assertTrue(e instanceof ReplicaException, what + ": " + e);
            Assert.assertTrue(String.valueOf(e.getCause()).contains(bad.says), what + ": " + e);
            Assert.assertTrue(
                    took < TIMEOUT.plus(SLACK).toNanos() + 1_000_000_000L,
                    what + " took " + Duration.ofNanos(took));
            Assert.assertEquals(e.getSuppressed().length, 0, what);
        }
    }

    private static void body(
            Replica replica, NDManager manager, int who, int place, Bad bad, CountDownLatch release)
            throws Exception {
        try (NDManager own = manager.newSubManager();
                NDArray vector = own.ones(new Shape(1000))) {
            for (int call = 0; call < 12; call++) {
                if (call == place && replica.getRank() == who) {
                    switch (bad) {
                        case THROWS -> throw new IllegalStateException("the soak's own");
                        case BLOCKS -> release.await();
                        case RETURNS -> {
                            return;
                        }
                        case IS_INTERRUPTED -> Thread.currentThread().interrupt();
                        default -> throw new AssertionError(bad);
                    }
                }
                List<Runnable> calls =
                        List.of(
                                () -> replica.communicator().allReduceMean(vector).await(),
                                () -> replica.communicator().barrier().await(),
                                () -> replica.communicator().broadcast(vector, 0).await());
                calls.get(call % 3).run();
            }
            if (Thread.interrupted()) {
                // none of its waits had to sleep
                throw new InterruptedException("an interrupt");
            }
        }
    }
}
