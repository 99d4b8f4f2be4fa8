package org.parle.djl;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** What a way into the fixture has found, and the first thing in it that is wrong. */
final class Trace {

    private final Map<String, float[]> found = new ConcurrentHashMap<>();
    private final AtomicReference<String> wrong = new AtomicReference<>();

    void note(String what, int step, int replica, double[] expected, float[] values) {
        String where = "step " + step + ", replica " + replica + ", " + what;
        found.put(where, values);
        String difference = Reference.difference(expected, values);
        if (difference != null) {
            wrong.compareAndSet(null, where + ": " + difference);
        }
    }

    void noteMessage(int step, Long expected, long bits) {
        if (expected != null && expected != bits) {
            wrong.compareAndSet(
                    null,
                    "step " + step + ": a message of " + bits + " bits, expected " + expected);
        }
    }

    /** Returns the first thing that is not as the fixture has it, null for none. */
    String wrong() {
        return wrong.get();
    }

    /** Returns where another trace has not the same bits, null if nowhere. */
    String difference(Trace other) {
        if (!found.keySet().equals(other.found.keySet())) {
            return "other values were read";
        }
        return found.keySet().stream()
                .filter(where -> !Arrays.equals(found.get(where), other.found.get(where)))
                .min(String::compareTo)
                .orElse(null);
    }
}
