package org.parle.djl.training;

import org.parle.djl.job.Handshake;
import org.parle.djl.random.Seeds;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

/** The learning rates of all steps that a body has taken, short enough to be told with others. */
final class RateRecord {

    /** How long it is in a message. */
    static final int BYTES = 2 * Long.BYTES + Float.BYTES;

    private static final int ALL = Long.BYTES;
    private static final int NEWEST = 2 * Long.BYTES;

    private long step;
    private long all;
    private float newest;

    /** Adds a step's rate. */
    void add(long k, float rate) {
        step = k;
        newest = rate;
        all = Seeds.mix(all, k, Float.floatToIntBits(rate));
    }

    void write(ByteBuffer message) {
        message.putLong(step).putLong(all).putFloat(newest);
    }

    /** Returns the newest step of a record. */
    static long step(ByteBuffer record) {
        return record.getLong(0);
    }

    /**
     * Compares the records of all bodies, if they are of equally many steps.
     *
     * @param records by rank
     * @throws IllegalStateException if a rate differed, be it the newest or an older one
     */
    static void compare(ByteBuffer[] records) {
        if (Arrays.stream(records).allMatch(records[0]::equals)) {
            return;
        }
        if (Arrays.stream(records).map(RateRecord::step).distinct().count() == 1) {
            String at = " step " + step(records[0]);
            require(records, "learningRate at" + at, r -> String.valueOf(r.getFloat(NEWEST)));
            require(
                    records,
                    "learning rates with the checksum, up to" + at + ",",
                    r -> String.format("%016x", r.getLong(ALL)));
        }
    }

    private static void require(
            ByteBuffer[] records, String name, Function<ByteBuffer, String> value) {
        Handshake.require(
                Arrays.stream(records).map(one -> Map.of(name, value.apply(one))).toList());
    }
}
