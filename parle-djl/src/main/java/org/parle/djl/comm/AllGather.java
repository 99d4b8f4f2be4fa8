package org.parle.djl.comm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** All messages for all. In one process nothing moves: the receivers read one copy. */
final class AllGather extends Collective {

    private final Map<Integer, ByteBuffer> messages = new HashMap<>();

    AllGather(Call[] calls, Members members) {
        super(calls, members);
        for (int i = 0; i < calls.length; i++) {
            messages.put(members.rank(i), calls[i].message());
        }
    }

    @Override
    Pending<?> between(Communicator processes) {
        return processes.allGather(Bundle.pack(new TreeMap<>(messages)));
    }

    @Override
    void take(Object answer) {
        for (ByteBuffer bundle : (ByteBuffer[]) answer) {
            Bundle.unpack(bundle, messages);
        }
    }

    @Override
    ByteBuffer[] result(int index) {
        ByteBuffer[] all = new ByteBuffer[members.size()];
        for (int rank = 0; rank < all.length; rank++) {
            all[rank] = messages.get(rank).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
        return all;
    }

    @Override
    long sent(int index) {
        return (calls.length - 1L) * calls[index].message().remaining();
    }

    @Override
    long received(int index) {
        long bytes = 0;
        for (Call call : calls) {
            bytes += call.message().remaining();
        }
        return bytes - calls[index].message().remaining();
    }
}
