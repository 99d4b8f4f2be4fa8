package org.parle.djl.comm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SortedMap;

/**
 * Several replicas' messages as one: for each its rank and its length in bytes, both int32,
 * little-endian, then its bytes.
 */
final class Bundle {

    private static final int HEADER = 2 * Integer.BYTES;

    private Bundle() {}

    static ByteBuffer pack(SortedMap<Integer, ByteBuffer> messages) {
        long length = 0;
        for (ByteBuffer message : messages.values()) {
            length += HEADER + message.remaining();
        }
        if (length > Integer.MAX_VALUE) {
            throw new CommunicationException(
                    "the messages of the "
                            + messages.size()
                            + " replicas of this process take "
                            + length
                            + " bytes together; 2 GiB is the limit between processes: take fewer"
                            + " replicas per process");
        }
        ByteBuffer bundle = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        messages.forEach(
                (rank, message) ->
                        bundle.putInt(rank).putInt(message.remaining()).put(message.duplicate()));
        return bundle.flip();
    }

    static void unpack(ByteBuffer bundle, Map<Integer, ByteBuffer> messages) {
        ByteBuffer left = bundle.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (left.hasRemaining()) {
            int rank = left.getInt();
            int length = left.getInt();
            messages.put(rank, left.slice(left.position(), length));
            left.position(left.position() + length);
        }
    }
}
