package org.parle.djl.comm;

import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Where the replicas of a group sleep until something they look at has changed. */
final class News {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    /** Wakes all who sleep, after something has changed that they look at. */
    void signal() {
        lock.lock();
        try {
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sleeps until there is news; time counts only where it is limited. Returns what is left. */
    long sleepUntil(BooleanSupplier hasNews, BooleanSupplier limited, long nanos)
            throws InterruptedException, TimeoutException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (!hasNews.getAsBoolean()) {
                if (!limited.getAsBoolean()) {
                    news.await();
                } else if (left > 0) {
                    left = news.awaitNanos(left);
                } else {
                    throw new TimeoutException();
                }
            }
            return left;
        } finally {
            lock.unlock();
        }
    }
}
