package org.parle.djl;

import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Permits;

import java.util.ArrayList;
import java.util.List;

/** Runs a body once for each replica, each on a thread, and tells what went wrong first. */
final class BodyThreads {

    private final Session session;
    private final Permits permits;
    private final int engineThreads;
    private final List<Throwable> failures = new ArrayList<>();

    /**
     * Creates them.
     *
     * @param session what the bodies share
     * @param workers how many compute at once
     * @param engineThreads PyTorch's, for the operations of each
     */
    BodyThreads(Session session, int workers, int engineThreads) {
        this.session = session;
        permits = new Permits(workers, session.timeout());
        this.engineThreads = engineThreads;
    }

    void run(List<Replica> replicas, ReplicaBody body) {
        List<Thread> threads = new ArrayList<>();
        for (Replica replica : replicas) {
            threads.add(new Thread(() -> run(replica, body), "replica " + replica.getRank()));
        }
        threads.forEach(Thread::start);
        threads.forEach(BodyThreads::join);
        report();
    }

    private void run(Replica replica, ReplicaBody body) {
        World world = replica.world();
        try {
            // new threads record gradients and use all cores, unless told
            JniUtils.setNumThreads(engineThreads);
            JniUtils.setGradMode(false);
            World.enter(world);
            Job.name(replica.getRank());
            permits.acquire();
            try {
                body.run(replica);
            } finally {
                permits.release();
            }
        } catch (Throwable e) {
            failed(replica.getRank(), e);
        } finally {
            World.leave();
            world.bodies().close();
        }
    }

    private void failed(int rank, Throwable e) {
        boolean together =
                e instanceof EarlyStoppedException || e instanceof ReplicasStoppedException;
        synchronized (failures) {
            failures.add(together ? e : new ReplicaException(rank, e));
        }
        if (!together) {
            session.abort(e);
        }
    }

    /** Throws what went wrong first, rather than what followed from it. */
    private void report() {
        Throwable first = null;
        for (Throwable failure : failures) {
            if (first == null || (follows(first) && !follows(failure))) {
                first = failure;
            }
        }
        if (first != null) {
            throw (RuntimeException) first;
        }
    }

    private static boolean follows(Throwable failure) {
        return !(failure instanceof ReplicaException)
                || failure.getCause() instanceof CommunicationException;
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
