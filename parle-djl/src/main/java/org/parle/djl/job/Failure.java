package org.parle.djl.job;

import org.parle.djl.comm.CommunicationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The end of a session that fails. The first failure is logged, ends every group of communicators,
 * interrupts every thread that works for the session, and starts a clock: whoever waits for these
 * threads goes on when it has run down, whatever is stuck.
 *
 * <p>Safe for any threads.
 */
public final class Failure {

    /** How long threads have to end, once something has failed. */
    public static final Duration CLOCK = Duration.ofSeconds(5);

    private static final Logger LOGGER = LoggerFactory.getLogger(Failure.class);
    private static final long LOOK_NANOS = 100_000_000;

    /**
     * What failed.
     *
     * @param rank the body's
     * @param what its exception
     */
    public record Cause(int rank, Throwable what) {}

    private final List<Consumer<Throwable>> ends = new ArrayList<>();
    private final Set<Thread> threads = new LinkedHashSet<>();
    private Cause cause;
    private long begin;

    /** Creates that of a session in which nothing has failed. */
    public Failure() {}

    /**
     * Has a thread interrupted when something fails, until it leaves. A thread that joins after
     * that is interrupted at once.
     *
     * @param thread that works for the session
     */
    public synchronized void join(Thread thread) {
        threads.add(thread);
        if (cause != null) {
            thread.interrupt();
        }
    }

    /**
     * Leaves a thread alone from now on.
     *
     * @param thread that has ended its work
     */
    public synchronized void leave(Thread thread) {
        threads.remove(thread);
    }

    /**
     * Has something called when the session fails; at once if it has.
     *
     * @param end what ends waits
     */
    public void onFailure(Consumer<Throwable> end) {
        Throwable before;
        synchronized (this) {
            ends.add(end);
            before = cause == null ? null : cause.what();
        }
        if (before != null) {
            end.accept(before);
        }
    }

    /** Takes back what {@link #onFailure} was given. */
    synchronized void forget(Consumer<Throwable> end) {
        ends.remove(end);
    }

    /**
     * Fails. Of several failures the first counts, or the first that does not merely follow from
     * another one's, as its body has put it.
     *
     * @param rank the body's in which it happened
     * @param e what happened
     */
    public void fail(int rank, Throwable e) {
        List<Consumer<Throwable>> toEnd;
        synchronized (this) {
            if (cause != null) {
                boolean says = rank == cause.rank() && tells(e, cause.what());
                if (says || (follows(cause.what()) && !follows(e))) {
                    cause = new Cause(rank, e);
                }
                return;
            }
            cause = new Cause(rank, e);
            begin = System.nanoTime();
            toEnd = List.copyOf(ends);
        }
        LOGGER.error("replica {} failed, and with it all: {}", rank, e.toString());
        for (Consumer<Throwable> end : toEnd) {
            try {
                end.accept(e);
            } catch (RuntimeException another) {
                // all others must hear of it
                LOGGER.warn("could not tell all others", another);
            }
        }
        interrupt();
    }

    private synchronized void interrupt() {
        threads.stream()
                .filter(thread -> thread != Thread.currentThread())
                .forEach(Thread::interrupt);
    }

    /** A body may say in words of its own what happened to it. */
    private static boolean tells(Throwable e, Throwable what) {
        // what ends another wait of the same body says nothing new
        Throwable one = e instanceof CommunicationException ? null : e;
        while (one != null && !one.equals(what)) {
            one = one.getCause();
        }
        return one != null;
    }

    /** A wait that ended, or a thread that was interrupted, is what comes of another failure. */
    private static boolean follows(Throwable e) {
        for (Throwable one = e; one != null; one = one.getCause()) {
            if (one instanceof CommunicationException || one instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns what failed.
     *
     * @return null if nothing has
     */
    public synchronized Cause cause() {
        return cause;
    }

    /**
     * Waits until threads have ended, or the clock has run down after a failure.
     *
     * @param ended counted down by each at its end
     * @return whether all have ended
     * @throws InterruptedException if the calling thread is interrupted meanwhile
     */
    public boolean await(CountDownLatch ended) throws InterruptedException {
        while (!ended.await(LOOK_NANOS, TimeUnit.NANOSECONDS)) {
            if (isOver()) {
                return false;
            }
        }
        return true;
    }

    private synchronized boolean isOver() {
        return cause != null && System.nanoTime() - begin > CLOCK.toNanos();
    }
}
