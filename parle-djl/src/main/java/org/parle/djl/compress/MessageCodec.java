package org.parle.djl.compress;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Implementations;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Packs a model's vector, tensor by tensor, into one message, and adds what came out of others'
 * messages to vectors.
 *
 * <p>A message is one stream of bits: the tensors in the block's order, with no padding between
 * them and no lengths, rounded up to whole bytes at its end.
 *
 * <p><b>Threads.</b> One codec for each replica; its methods are called by one thread at a time.
 */
public final class MessageCodec implements AutoCloseable {

    /** Entries of a tensor at the most, 2<sup>28</sup>; a longer one is given as several. */
    public static final int MOST_ENTRIES = 1 << 28;

    // a word is written whole where the last bits are
    private static final int SPARE = Long.BYTES;

    private final int[] sizes;
    private final Packing host;
    private final Packing device;
    private final long entries;
    private final long bits;
    private ByteBuffer packed;

    /**
     * Prepares for one model.
     *
     * @param compressor the codec's own from now on
     * @param sizes entries of the tensors in the block's order, each from 1 to {@link
     *     #MOST_ENTRIES}
     * @param draws the same on sender and receivers
     * @throws IllegalArgumentException if a tensor has no entries or too many, or a message would
     *     be above 2 GB
     */
    public MessageCodec(Compressor compressor, int[] sizes, Draws draws) {
        this.sizes = sizes.clone();
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 1 || sizes[i] > MOST_ENTRIES) {
                throw new IllegalArgumentException(
                        "tensor "
                                + i
                                + " has "
                                + sizes[i]
                                + " entries; 1 is the least, "
                                + MOST_ENTRIES
                                + " the most");
            }
        }
        host = new HostPacking(compressor, this.sizes, draws);
        device = Packings.onDevice(compressor, this.sizes, draws);
        entries = Arrays.stream(sizes).asLongStream().sum();
        bits = Arrays.stream(sizes).mapToLong(compressor::bits).sum();
        if (bytesOf(bits) > Integer.MAX_VALUE - SPARE) {
            throw new IllegalArgumentException(
                    "a message would be "
                            + bytesOf(bits)
                            + " bytes long; 2 GB is the most, a compressor that sends less may do");
        }
    }

    /**
     * Cuts tensors that have more entries than a codec takes.
     *
     * @param sizes entries of each tensor
     * @return the same in their order, longer ones as several
     */
    public static int[] parts(long... sizes) {
        return Arrays.stream(sizes)
                .flatMap(MessageCodec::partsOf)
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private static LongStream partsOf(long size) {
        return LongStream.range(0, Math.max(1, (size + MOST_ENTRIES - 1) / MOST_ENTRIES))
                .map(part -> Math.min(MOST_ENTRIES, size - part * MOST_ENTRIES));
    }

    private static long bytesOf(long bits) {
        return (bits + Byte.SIZE - 1) / Byte.SIZE;
    }

    /**
     * Returns the bits of a message.
     *
     * @return the sum over all tensors, before it is rounded up to bytes
     */
    public long bits() {
        return bits;
    }

    /**
     * Returns the bytes of a message.
     *
     * @return {@link #bits} rounded up
     */
    public int bytes() {
        return (int) bytesOf(bits);
    }

    /**
     * Replaces a vector by what others will make of its message: u &larr; Q(u).
     *
     * @param u all tensors in one vector, float32; undefined where this throws
     * @param sender the rank of this replica
     * @param step the number of the message
     * @return the message, from position 0 to its limit, little-endian; the codec's own memory,
     *     which its next call of this method overwrites
     * @throws IllegalArgumentException if an entry is NaN or infinite, or the vector's length is
     *     not the model's
     */
    public ByteBuffer compress(NDArray u, int sender, long step) {
        check(u);
        if (packed == null) {
            packed = ByteBuffer.allocateDirect(bytes() + SPARE).order(ByteOrder.LITTLE_ENDIAN);
        }
        long begin = System.nanoTime();
        try {
            packing(u).compress(u, sender, step, packed);
        } catch (Refusal e) {
            throw new IllegalArgumentException(refused(e, sender, step), e);
        } finally {
            PackingTime.since(begin);
        }
        return packed.slice(0, bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private String refused(Refusal refusal, int sender, long step) {
        int tensor = refusal.tensor();
        return String.format(
                "replica %d cannot compress tensor %d of %d (%d entries) at step %d: %s",
                sender, tensor, sizes.length, sizes[tensor], step, refusal.getMessage());
    }

    private Packing packing(NDArray vector) {
        return vector.getDevice().isGpu() ? device : host;
    }

    /**
     * Adds what a message says: y &larr; y + factor &middot; Q(u).
     *
     * @param message from its position to its limit, which stay as they are
     * @param sender the rank of the replica that made it
     * @param step the number of the message
     * @param factor what Q(u) is multiplied by, in float32
     * @param y all tensors in one vector, float32
     * @throws IllegalArgumentException if the lengths of message or vector are not the model's, or
     *     the message is damaged
     */
    public void add(ByteBuffer message, int sender, long step, double factor, NDArray y) {
        check(message, sender, step);
        check(y);
        long begin = System.nanoTime();
        packing(y).add(message, sender, step, (float) factor, y);
        PackingTime.since(begin);
    }

    /**
     * Replaces a vector by what a message says: y &larr; Q(u), the sender's bit for bit.
     *
     * @param message from its position to its limit, which stay as they are
     * @param sender the rank of the replica that made it
     * @param step the number of the message
     * @param y all tensors in one vector, float32
     * @throws IllegalArgumentException if the lengths of message or vector are not the model's, or
     *     the message is damaged
     */
    public void decode(ByteBuffer message, int sender, long step, NDArray y) {
        check(message, sender, step);
        check(y);
        long begin = System.nanoTime();
        packing(y).decode(message, sender, step, y);
        PackingTime.since(begin);
    }

    private void check(ByteBuffer message, int sender, long step) {
        if (message.remaining() != bytes()) {
            throw new IllegalArgumentException(
                    String.format(
                            "the message of replica %d at step %d has %d bytes instead of %d:"
                                    + " do all replicas have the same model and compressor?",
                            sender, step, message.remaining(), bytes()));
        }
    }

    private void check(NDArray vector) {
        Implementations.checkVector(vector);
        if (vector.size() != entries) {
            throw new IllegalArgumentException(
                    "the vector has "
                            + vector.size()
                            + " entries instead of "
                            + entries
                            + ", the sum of the tensors'");
        }
    }

    /** Lets go of scratch memory; calling it again does nothing. */
    @Override
    public void close() {
        packed = null;
    }
}
