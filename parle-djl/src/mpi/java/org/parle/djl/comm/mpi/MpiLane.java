package org.parle.djl.comm.mpi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The part of a {@link MpiWindow} that one communicator passes its vectors through, block by block:
 * of each rank a few slots for blocks, and how far the rank has come with them. Blocks are numbered
 * through, from one communicator on to the next.
 */
final class MpiLane {

    /** What each rank does with each block, in this order. */
    enum Phase {
        /** Puts what others need into its slot; it has to be empty. */
        PUBLISH(0),
        /** Averages its own share of all ranks' slots. */
        REDUCE(1),
        /** Takes the others' shares. */
        COLLECT(2);

        /** Where each rank says how many blocks it has done this with. */
        private final int line;

        Phase(int line) {
            this.line = line;
        }
    }

    /** Three are in use at a time, one in each phase; with one more nobody waits for a slot. */
    private static final int SLOTS = 4;

    private static final int MOST_FLOATS = 1 << 17;
    private static final long MOST_BYTES = 1 << 24;

    /** What one rank writes lies a line or more apart from what another writes. */
    static final int LINE = 128;

    private static final int LENGTHS = Phase.values().length * LINE;
    private static final int HEAD = LENGTHS + LINE;
    private static final VarHandle LONGS =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final int index;
    private final int rank;
    private final int slotLength;
    private final ByteBuffer[] heads;
    private final FloatBuffer[][] slots;
    private long taken;

    /** A lane in memory of each rank, which has to be zero in the beginning. */
    MpiLane(int index, int rank, ByteBuffer[] segments) {
        this.index = index;
        this.rank = rank;
        slotLength = slotLength(segments.length);
        heads = new ByteBuffer[segments.length];
        slots = new FloatBuffer[segments.length][SLOTS];
        for (int of = 0; of < segments.length; of++) {
            heads[of] = segments[of].slice(0, HEAD).order(ByteOrder.nativeOrder());
            for (int slot = 0; slot < SLOTS; slot++) {
                int bytes = slotLength * Float.BYTES;
                slots[of][slot] =
                        segments[of]
                                .slice(HEAD + slot * bytes, bytes)
                                .order(ByteOrder.nativeOrder())
                                .asFloatBuffer();
            }
        }
    }

    private static int slotLength(int size) {
        return (int) Math.min(MOST_FLOATS, MOST_BYTES / Float.BYTES / SLOTS / size);
    }

    /** Returns how many bytes of each of so many ranks a lane takes, whole lines. */
    static int bytes(int size) {
        return (int) wholeLines(HEAD + SLOTS * slotLength(size) * Float.BYTES);
    }

    /** Rounds an address, or a number of bytes, up to where a line begins. */
    static long wholeLines(long bytes) {
        return (bytes + LINE - 1) / LINE * LINE;
    }

    int index() {
        return index;
    }

    /** Returns how many entries a block has at the most. */
    int slotLength() {
        return slotLength;
    }

    int rank() {
        return rank;
    }

    int size() {
        return heads.length;
    }

    /** Takes the next numbers for some blocks, the same on all ranks; returns the first. */
    long take(int blocks) {
        long first = taken;
        taken += blocks;
        return first;
    }

    /** Returns the number of the block whose turn it is, here. */
    long turn(Phase phase) {
        return ended(rank, phase);
    }

    /** Returns whether all ranks are so far that this one can go on. */
    boolean isReady(Phase phase, long number) {
        return switch (phase) {
            case PUBLISH -> allEnded(Phase.COLLECT, number - SLOTS);
            case REDUCE -> allEnded(Phase.PUBLISH, number);
            case COLLECT -> allEnded(Phase.REDUCE, number);
        };
    }

    private boolean allEnded(Phase phase, long number) {
        for (int of = 0; of < heads.length; of++) {
            if (ended(of, phase) <= number) {
                return false;
            }
        }
        return true;
    }

    private long ended(int of, Phase phase) {
        return (long) LONGS.getAcquire(heads[of], phase.line * LINE);
    }

    /** Tells all ranks that this one has done its part of a block; what it wrote is seen then. */
    void end(Phase phase, long number) {
        LONGS.setRelease(heads[rank], phase.line * LINE, number + 1);
    }

    /** Returns a block's slot of a rank. */
    FloatBuffer slot(int of, long number) {
        return slots[of][(int) (number % SLOTS)];
    }

    /** Returns a block's slots of all ranks. */
    FloatBuffer[] slots(long number) {
        return Arrays.stream(slots)
                .map(own -> own[(int) (number % SLOTS)])
                .toArray(FloatBuffer[]::new);
    }

    /** Says which call's vector a block belongs to; before the block is published. */
    void setCall(long number, int call, long length) {
        heads[rank].putLong(lengthAt(number), length);
        heads[rank].putInt(callAt(number), call);
    }

    /** Returns the number of the call that a rank's published block belongs to. */
    int call(int of, long number) {
        return heads[of].getInt(callAt(number));
    }

    /** Returns how long a rank's vector is that a published block belongs to. */
    long length(int of, long number) {
        return heads[of].getLong(lengthAt(number));
    }

    private static int callAt(long number) {
        return LENGTHS + (int) (number % SLOTS + SLOTS) * Long.BYTES;
    }

    private static int lengthAt(long number) {
        return LENGTHS + (int) (number % SLOTS) * Long.BYTES;
    }
}
