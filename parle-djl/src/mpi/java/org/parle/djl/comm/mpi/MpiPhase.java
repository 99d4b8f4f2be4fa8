package org.parle.djl.comm.mpi;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches a call of MPI's that waits for all ranks and cannot be left: ends this process, and with
 * it the job, when that takes too long.
 */
final class MpiPhase implements AutoCloseable {

    private static final long PERIOD_NANOS = 50_000_000;

    private final String rank;
    private final Duration limit;
    private final Thread thread = new Thread(this::run, "parle-mpi-watch");
    private volatile String what;
    private volatile boolean ended;

    /** A watch of a phase in so many words, which has to end within the limit. */
    MpiPhase(String what, Duration limit) {
        this.what = what;
        this.limit = limit;
        rank =
                "rank "
                        + System.getenv().getOrDefault("OMPI_COMM_WORLD_RANK", "0")
                        + " of "
                        + System.getenv().getOrDefault("OMPI_COMM_WORLD_SIZE", "1");
        thread.setDaemon(true);
        thread.start();
    }

    /** Goes on with another phase, within the same limit. */
    void next(String words) {
        what = words;
    }

    private void run() {
        long passed = 0;
        long before = System.nanoTime();
        while (!ended) {
            LockSupport.parkNanos(PERIOD_NANOS);
            long now = System.nanoTime();
            // a longer gap means that this process was stopped, maybe with all others
            passed += Math.min(now - before, 20 * PERIOD_NANOS);
            before = now;
            if (passed > limit.toNanos() && !ended) {
                MpiExit.say(
                        rank,
                        what
                                + " has not ended within "
                                + limit.toSeconds()
                                + " s: "
                                + MpiNeighbours.stopped());
                MpiExit.now(1);
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        LockSupport.unpark(thread);
    }
}
