package org.parle.djl.examples.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.TranslateException;

import org.parle.djl.Replica;
import org.parle.djl.ReplicaTrainer;
import org.parle.djl.vector.Vectors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Errors on a data set: the reference's, of which each replica evaluates its share, and its own.
 */
final class Errors {

    /** Few enough for what the layers of a deep network make of them. */
    private static final int BATCH = 128;

    private final Replica replica;
    private final ReplicaTrainer trainer;

    Errors(Replica replica, ReplicaTrainer trainer) {
        this.replica = replica;
        this.trainer = trainer;
    }

    /** Returns the part of the items that is classified wrongly, 0 to 1. Collective. */
    double of(RandomAccessDataset set) throws IOException, TranslateException {
        long items = set.size();
        long from = items * replica.getRank() / replica.getSize();
        long to = items * (replica.getRank() + 1) / replica.getSize();
        // evaluating is collective, so a replica without items looks at one that does not count
        boolean counts = to > from;
        Range range = new Range(from, counts ? to : from + 1);
        long wrong = wrong(set, range, trainer::evaluate);
        return (double) sum(counts ? wrong : 0) / items;
    }

    /** Returns the part of the items that this replica's own weights classify wrongly, 0 to 1. */
    double ofOwn(RandomAccessDataset set) throws IOException, TranslateException {
        return (double) wrong(set, new Range(0, set.size()), trainer::evaluateOwn) / set.size();
    }

    private long wrong(RandomAccessDataset set, Range range, UnaryOperator<NDList> evaluate)
            throws IOException, TranslateException {
        long wrong = 0;
        for (Batch batch : set.getData(trainer.getManager(), range)) {
            NDArray output = evaluate.apply(batch.getData()).head();
            checkFinite(output);
            try (NDArray found = output.argMax(1);
                    NDArray label = batch.getLabels().head().flatten();
                    NDArray wanted = label.toType(found.getDataType(), true);
                    NDArray right = found.eq(wanted);
                    NDArray sum = right.sum()) {
                wrong += batch.getSize() - sum.getLong();
            }
            batch.close();
        }
        return wrong;
    }

    /** The last step's weights lead to no gradient that would show what they are. */
    private void checkFinite(NDArray output) {
        if (!Vectors.finite(output)) {
            long step = trainer.getSteps();
            DivergedException e =
                    new DivergedException(
                            step,
                            "training diverged: what the network computes is not finite after step "
                                    + step
                                    + "; a smaller learning rate or clipNorm may help");
            // others may have seen nothing, and wait for this replica's part
            replica.communicator().abort(e);
            throw e;
        }
    }

    /** Returns a number of every replica, in rank order. Collective. */
    double[] all(double own) {
        ByteBuffer message = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer[] all = replica.communicator().allGather(message.putDouble(0, own)).await();
        return Arrays.stream(all)
                .mapToDouble(one -> one.order(ByteOrder.LITTLE_ENDIAN).getDouble(0))
                .toArray();
    }

    /** Returns the sum of a number over all replicas. Collective. */
    long sum(long own) {
        ByteBuffer message = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long sum = 0;
        for (ByteBuffer one : replica.communicator().allGather(message.putLong(0, own)).await()) {
            sum += one.order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        }
        return sum;
    }

    /** Some consecutive items, in order. */
    private record Range(long from, long to) implements Sampler {

        @Override
        public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
            List<List<Long>> batches = new ArrayList<>();
            for (long start = from; start < to; start += BATCH) {
                List<Long> batch = new ArrayList<>();
                for (long item = start; item < Math.min(start + BATCH, to); item++) {
                    batch.add(item);
                }
                batches.add(batch);
            }
            return batches.iterator();
        }

        @Override
        public int getBatchSize() {
            return BATCH;
        }
    }
}
