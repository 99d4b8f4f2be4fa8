package org.parle.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.Trainer;

import org.parle.djl.comm.Communicator;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Many runs of which one body does something bad at a random place; all end, with its cause. */
public class SoakTest {

    private static final int RUNS = 300;
    private static final int STEPS = 12;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration SLACK = Duration.ofSeconds(5);
    private static final Duration ALL = Duration.ofMinutes(5);

    private enum Bad {
        THROWS("the soak's own"),
        BLOCKS("replica"),
        RETURNS("(has ended|closed its trainer)"),
        IS_INTERRUPTED("interrupt");

        private final Pattern says;

        Bad(String says) {
            this.says = Pattern.compile(says);
        }
    }

    @Test
    public void shouldEndEveryRunWithItsCause() throws Exception {
        // threads of the engine's and of the logger's are there from the first run on
        run(2, 0, 1, Bad.THROWS, SoakTest::call);
        run(2, 0, 1, Bad.THROWS, SoakTest::train);
        int before = threads();
        Managed managed = Managed.now();
        Random random = new Random(20);
        long end = System.nanoTime() + ALL.toNanos();
        int done = 0;
        int slow = 0;
        for (; done < RUNS && System.nanoTime() < end; done++) {
            int n = 2 + random.nextInt(5);
            // a body that blocks takes its timeout: one of ten does
            int kind = random.nextInt(10);
            Bad bad = kind == 0 ? Bad.BLOCKS : Bad.values()[new int[] {0, 2, 3}[kind % 3]];
            Body body = random.nextBoolean() ? SoakTest::call : SoakTest::train;
            if (!run(n, random.nextInt(n), random.nextInt(STEPS), bad, body)) {
                slow++;
            }
        }
        for (int wait = 0; threads() > before && wait < 100; wait++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        Assert.assertTrue(threads() <= before, Thread.getAllStackTraces().keySet().toString());
        Managed after = Managed.now();
        // a finalizer may have closed what another test has left
        Assert.assertTrue(
                after.managers() <= managed.managers() && after.arrays() <= managed.arrays(),
                after + " where there were " + managed);
        Assert.assertTrue(done >= RUNS / 10, "only " + done + " runs");
        Assert.assertTrue(slow <= done / 10, slow + " of " + done + " runs were too slow");
        System.out.println("soak: " + done + " runs ended with the right cause, " + after);
    }

    private static int threads() {
        return (int)
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().matches("replica \\d+|device of .*"))
                        .count();
    }

    /** What each replica does, and at every step a chance to do something bad. */
    private interface Body {
        void run(Replica replica, Place place) throws Exception;
    }

    /** Where something bad happens. */
    private record Place(int who, int step, Bad bad, CountDownLatch release) {

        /** Returns whether the body is to return. */
        boolean happens(Replica replica, int now) throws InterruptedException {
            if (now != step || replica.getRank() != who) {
                return false;
            }
            switch (bad) {
                case THROWS -> throw new IllegalStateException("the soak's own");
                case BLOCKS -> release.await();
                case IS_INTERRUPTED -> Thread.currentThread().interrupt();
                default -> {}
            }
            return bad == Bad.RETURNS;
        }
    }

    /** Returns whether it came to the bad thing; on a slow machine the timeout may come first. */
    private static boolean run(int n, int who, int step, Bad bad, Body body) {
        Place place = new Place(who, step, bad, new CountDownLatch(1));
        String what = bad + " in replica " + who + " of " + n + " at " + step;
        Replicas replicas = Replicas.builder().optTimeout(TIMEOUT).optWorkers(2).build(n);
        long begin = System.nanoTime();
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class,
                        () -> replicas.run(replica -> body.run(replica, place)));
        long took = System.nanoTime() - begin;
        String cause = e.getCause().toString();
        boolean slow = cause.contains("within " + TIMEOUT.toSeconds() + " s");
        Assert.assertTrue(slow || bad.says.matcher(cause).find(), what + ": " + e);
        Assert.assertTrue(
                took < TIMEOUT.plus(SLACK).toNanos() + 1_000_000_000L,
                what + " took " + Duration.ofNanos(took));
        Assert.assertEquals(e.getSuppressed().length, 0, what);
        return !slow || bad == Bad.BLOCKS;
    }

    private static void call(Replica replica, Place place) throws Exception {
        Communicator communicator = replica.communicator();
        try (NDManager own = NDManager.newBaseManager();
                NDArray vector = own.ones(new Shape(1000))) {
            for (int step = 0; step < STEPS; step++) {
                if (place.happens(replica, step)) {
                    return;
                }
                switch (step % 3) {
                    case 0 -> communicator.allReduceMean(vector).await();
                    case 1 -> communicator.barrier().await();
                    default -> communicator.broadcast(vector, 0).await();
                }
            }
        }
        throwIfInterrupted();
    }

    private static void train(Replica replica, Place place) throws Exception {
        try (Model model = PressedNetwork.model();
                Trainer trainer = PressedNetwork.trainer(replica, model)) {
            trainer.initialize(PressedNetwork.INPUT);
            for (int step = 0; step < STEPS; step++) {
                if (place.happens(replica, step)) {
                    return;
                }
                PressedNetwork.step(trainer);
            }
        }
        throwIfInterrupted();
    }

    /** It may be that no wait had to sleep. */
    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("an interrupt");
        }
    }
}
