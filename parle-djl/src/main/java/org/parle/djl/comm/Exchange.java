package org.parle.djl.comm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
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
            checkMutual(i);
        }
    }

    private void checkMutual(int index) {
        int rank = members.rank(index);
        for (int neighbour : calls[index].neighbours()) {
            if (members.isHere(neighbour)
                    && !contains(calls[members.indexOf(neighbour)].neighbours(), rank)) {
                throw new CommunicationException(oneSided(rank, neighbour));
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
        return Arrays.stream(calls[index].neighbours())
                .mapToObj(
                        rank ->
                                messages.get(rank)
                                        .asReadOnlyBuffer()
                                        .order(ByteOrder.LITTLE_ENDIAN))
                .toArray(ByteBuffer[]::new);
    }

    @Override
    long sent(int index) {
        long here = Arrays.stream(calls[index].neighbours()).filter(members::isHere).count();
        return here * calls[index].message().remaining();
    }

    @Override
    long received(int index) {
        return Arrays.stream(calls[index].neighbours())
                .filter(members::isHere)
                .mapToLong(rank -> calls[members.indexOf(rank)].message().remaining())
                .sum();
    }

    private static boolean contains(int[] ranks, int rank) {
        return Arrays.stream(ranks).anyMatch(r -> r == rank);
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
