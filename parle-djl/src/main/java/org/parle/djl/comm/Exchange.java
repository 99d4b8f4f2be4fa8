package org.parle.djl.comm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Messages between neighbours. Two processes are neighbours when replicas of theirs are; each sends
 * its neighbours one bundle with the messages of those of its replicas that have neighbours
 * elsewhere.
 */
final class Exchange extends Collective {

    private final Map<Integer, ByteBuffer> messages = new HashMap<>();

    Exchange(Call[] calls, Members members) {
        super(calls, members);
        for (int i = 0; i < calls.length; i++) {
            messages.put(members.rank(i), calls[i].message());
        }
        checkMutual();
    }

    private void checkMutual() {
        BitSet[] named = new BitSet[calls.length];
        for (int i = 0; i < calls.length; i++) {
            named[i] = new BitSet();
            calls[i].neighbours().forEach(named[i]::set);
        }
        for (int i = 0; i < calls.length; i++) {
            int rank = members.rank(i);
            for (int neighbour : calls[i].neighbours()) {
                if (members.isHere(neighbour) && !named[members.indexOf(neighbour)].get(rank)) {
                    throw new CommunicationException(oneSided(rank, neighbour));
                }
            }
        }
    }

    @Override
    Pending<?> between(Communicator processes) {
        SortedMap<Integer, ByteBuffer> outgoing = new TreeMap<>();
        TreeSet<Integer> neighbours = new TreeSet<>();
        for (int i = 0; i < calls.length; i++) {
            for (int neighbour : calls[i].neighbours()) {
                if (!members.isHere(neighbour)) {
                    neighbours.add(members.processOf(neighbour));
                    outgoing.put(members.rank(i), calls[i].message());
                }
            }
        }
        int[] ranks = neighbours.stream().mapToInt(Integer::intValue).toArray();
        return processes.exchange(ranks, Bundle.pack(outgoing));
    }

    @Override
    void take(Object answer) {
        for (ByteBuffer bundle : (ByteBuffer[]) answer) {
            Bundle.unpack(bundle, messages);
        }
        for (int i = 0; i < calls.length; i++) {
            for (int neighbour : calls[i].neighbours()) {
                if (!messages.containsKey(neighbour)) {
                    throw new CommunicationException(oneSided(members.rank(i), neighbour));
                }
            }
        }
    }

    @Override
    ByteBuffer[] result(int index) {
        return calls[index].neighbours().stream()
                .map(rank -> messages.get(rank).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN))
                .toArray(ByteBuffer[]::new);
    }

    @Override
    long sent(int index) {
        long here = calls[index].neighbours().stream().filter(members::isHere).count();
        return here * calls[index].message().remaining();
    }

    @Override
    long received(int index) {
        return calls[index].neighbours().stream()
                .filter(members::isHere)
                .mapToLong(rank -> calls[members.indexOf(rank)].message().remaining())
                .sum();
    }

    private static String oneSided(int rank, int neighbour) {
        return "exchange: replica "
                + rank
                + " named "
                + neighbour
                + " as a neighbour, but replica "
                + neighbour
                + " did not name "
                + rank
                + "; neighbours must be mutual";
    }
}
