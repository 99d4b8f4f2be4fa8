package org.parle.djl.comm.mpi;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Implementations;
import org.parle.djl.comm.mpi.MpiLane.Phase;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The mean of a vector over all ranks of a host, through memory that they share: the same shares,
 * the same order of summation, and so the same bits as {@link MpiAllReduce}, whose messages are
 * copies that the kernel makes page by page.
 *
 * <p>Blocks of the vector go through the lane's slots one after another. In a slot there are first
 * the rank's values of the others' shares, then, in the place of its own share, the means. They
 * carry no checksums: with them 10 million floats took 1.3 times as long.
 */
final class MpiWindowAllReduce implements MpiWork {

    private final MpiLane lane;
    private final int rank;
    private final int size;
    private final int call;
    private final long length;
    private final List<FloatBuffer> blocks = new ArrayList<>();
    private final long first;

    MpiWindowAllReduce(MpiLane lane, int call, List<FloatBuffer> pieces) {
        this.lane = lane;
        this.call = call;
        rank = lane.rank();
        size = lane.size();
        length = pieces.stream().mapToLong(FloatBuffer::capacity).sum();
        for (FloatBuffer piece : pieces) {
            int start = 0;
            do {
                // an empty vector has a block, too, so that one of another length meets it
                int entries = Math.min(lane.slotLength(), piece.capacity() - start);
                blocks.add(piece.slice(start, entries));
                start += entries;
            } while (start < piece.capacity());
        }
        first = lane.take(blocks.size());
    }

    @Override
    public Progress advance() {
        Progress progress = Progress.NONE;
        for (Phase phase : Phase.values()) {
            long number = lane.turn(phase);
            // an earlier vector's turn, or a later one's
            boolean own = number >= first && number < first + blocks.size();
            if (own && lane.isReady(phase, number)) {
                FloatBuffer block = blocks.get((int) (number - first));
                switch (phase) {
                    case PUBLISH -> publish(block, number);
                    case REDUCE -> reduce(block, number);
                    case COLLECT -> collect(block, number);
                }
                lane.end(phase, number);
                progress = Progress.SOME;
            }
        }
        return lane.turn(Phase.COLLECT) >= first + blocks.size() ? Progress.DONE : progress;
    }

    private void publish(FloatBuffer block, long number) {
        lane.setCall(number, call, length);
        FloatBuffer slot = lane.slot(rank, number);
        int before = from(block, rank);
        int behind = from(block, rank + 1);
        slot.put(0, block, 0, before);
        slot.put(behind, block, behind, block.capacity() - behind);
    }

    private void reduce(FloatBuffer block, long number) {
        for (int other = 0; other < size; other++) {
            if (lane.length(other, number) != length) {
                throw new CommunicationException(
                        MpiMeeting.disagreement(
                                other, title(lane.length(other, number)), rank, title(length)));
            }
            if (lane.call(other, number) != call) {
                String title = title(length) + " as call ";
                throw new CommunicationException(
                        MpiMeeting.disagreement(
                                other, title + lane.call(other, number), rank, title + call));
            }
        }
        FloatBuffer[] values = lane.slots(number);
        FloatBuffer slot = values[rank];
        values[rank] = block;
        Implementations.mean(values, from(block, rank), from(block, rank + 1), block, slot);
    }

    private static String title(long floats) {
        return "all-reduce of " + floats + " floats";
    }

    private void collect(FloatBuffer block, long number) {
        for (int other = 0; other < size; other++) {
            if (other != rank) {
                int from = from(block, other);
                block.put(from, lane.slot(other, number), from, from(block, other + 1) - from);
            }
        }
    }

    private int from(FloatBuffer block, int share) {
        return MpiAllReduce.start(block, share, size);
    }
}
