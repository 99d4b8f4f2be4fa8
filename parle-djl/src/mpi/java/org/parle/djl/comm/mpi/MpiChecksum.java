package org.parle.djl.comm.mpi;

import com.sun.jna.Native;

import org.parle.djl.comm.CommunicationException;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.zip.CRC32C;

/** The checksum of what goes from rank to rank in a message: CRC-32C. */
final class MpiChecksum {

    /** As many bytes as it adds to a message. */
    static final int BYTES = Integer.BYTES;

    private MpiChecksum() {}

    /** Returns the checksum of a message from its begin to its limit. */
    static int of(ByteBuffer message) {
        CRC32C sum = new CRC32C();
        sum.update(message.duplicate().rewind());
        return (int) sum.getValue();
    }

    /** Returns the checksum of all of some floats in direct memory. */
    static int of(FloatBuffer floats) {
        long bytes = (long) floats.capacity() * Float.BYTES;
        // Java shows floats as bytes nowhere
        return bytes == 0 ? 0 : of(Native.getDirectBufferPointer(floats).getByteBuffer(0, bytes));
    }

    /**
     * Compares what came with its sender's checksum.
     *
     * @throws CommunicationException if they do not belong together
     */
    static void check(String title, int from, int sum, int found) {
        if (found != sum) {
            throw new CommunicationException(
                    title
                            + ": what rank "
                            + from
                            + " sent came with another checksum: its memory was changed or"
                            + " freed while it was in use, or the network is broken");
        }
    }
}
