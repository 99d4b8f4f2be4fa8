package org.parle.djl;

import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Permits;
import org.parle.djl.job.Failure;
import org.parle.djl.job.Job;
import org.parle.djl.job.NativeHeap;
import org.parle.djl.job.Session;
import org.parle.djl.job.World;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Runs a body once for each replica, each on a thread, and tells what went wrong first. */
final class BodyThreads {

    private static final Logger LOGGER = LoggerFactory.getLogger(BodyThreads.class);

    private final Failure failure;
    private final Permits permits;
    private final int engineThreads;
    private final CountDownLatch ended;
    private final AtomicReference<RuntimeException> together = new AtomicReference<>();

    /**
     * Creates them.
     *
     * @param session what the bodies share
     * @param workers how many compute at once
     * @param engineThreads PyTorch's, for the operations of each
     */
    BodyThreads(Session session, int workers, int engineThreads) {
        failure = session.failure();
        permits = new Permits(workers, session.timeout());
        failure.onFailure(permits::abort);
        this.engineThreads = engineThreads;
        ended = new CountDownLatch(session.bodiesHere());
    }

    /** Returns when all bodies have ended, or one has failed and the time to end is over. */
    void run(List<Replica> replicas, ReplicaBody body) {
        List<Thread> threads =
                replicas.stream()
                        .map(
                                replica ->
                                        new Thread(
                                                () -> run(replica, body),
                                                "replica " + replica.getRank()))
                        .toList();
        // one that ignores its interrupt does not keep the JVM
        threads.forEach(thread -> thread.setDaemon(true));
        threads.forEach(Thread::start);
        await(threads);
        NativeHeap.trim();
        report(threads);
    }

    private void run(Replica replica, ReplicaBody body) {
        World world = replica.world();
        failure.join(Thread.currentThread());
        try {
            // new threads record gradients and use all cores, unless told
            JniUtils.setNumThreads(engineThreads);
            JniUtils.setGradMode(false);
            world.enter();
            Job.name(replica.getRank());
            permits.acquire();
            try {
                body.run(replica);
            } finally {
                permits.release();
            }
        } catch (EarlyStoppedException | ReplicasStoppedException e) {
            together.compareAndSet(null, e);
        } catch (Throwable e) {
            failure.fail(replica.getRank(), e);
        } finally {
            failure.leave(Thread.currentThread());
            World.leave();
            world.bodies().close();
            ended.countDown();
        }
    }

    private void await(List<Thread> threads) {
        boolean interrupted = false;
        boolean over = false;
        while (!over) {
            try {
                failure.await(ended);
                over = true;
            } catch (InterruptedException e) {
                interrupted = true;
                threads.forEach(Thread::interrupt);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void report(List<Thread> threads) {
        Failure.Cause cause = failure.cause();
        if (cause == null) {
            if (together.get() != null) {
                throw together.get();
            }
            return;
        }
        ReplicaException thrown = new ReplicaException(cause.rank(), cause.what());
        if (ended.getCount() > 0) {
            threads.stream().filter(Thread::isAlive).forEach(thread -> stuck(thread, thrown));
        }
        throw thrown;
    }

    /** What a thread is stuck at stands in the trace of an exception that comes along. */
    private static void stuck(Thread thread, ReplicaException thrown) {
        CommunicationException at =
                new CommunicationException(
                        "thread \""
                                + thread.getName()
                                + "\" does not end: it is left as it is, with all that it uses");
        at.setStackTrace(thread.getStackTrace());
        thrown.addSuppressed(at);
        LOGGER.error("after a failure", at);
    }
}
