package org.parle.djl.comm;

import java.math.BigDecimal;
import java.time.Duration;

/** How long a wait may last. */
final class Timeouts {

    static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private Timeouts() {}

    /** Refuses what is not above zero. */
    static Duration check(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout is positive, not " + timeout);
        }
        return timeout;
    }

    /** Three centuries are enough, and longer ones do not fit. */
    static long nanos(Duration timeout) {
        return timeout.compareTo(FOREVER) < 0 ? timeout.toNanos() : Long.MAX_VALUE;
    }

    /** In seconds, without zeros at the end. */
    static String seconds(Duration timeout) {
        return BigDecimal.valueOf(timeout.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}
