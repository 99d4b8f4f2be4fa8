package org.parle.djl.algorithm;

import ai.djl.ndarray.NDArray;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.Pending;
import org.parle.djl.topology.Topology;

import java.nio.ByteBuffer;

/**
 * A replica's exchange with its neighbours on the graph, of which one may be under way: it sends
 * q_i = Q(u_i), and then adds f·Σ_j w_ij q_j over its neighbours j to a vector.
 */
final class Gossip {

    private final Communicator communicator;
    private final Messages messages;
    private final int[] neighbours;
    private final double[] weights;
    private final double ownWeight;
    private Pending<ByteBuffer[]> inFlight;
    private NDArray target;
    private double factor;

    Gossip(Context context, Compression compression) {
        communicator = context.communicator();
        messages = new Messages(context, compression);
        Topology topology =
                Topology.named(context.options().text(CommonOptions.TOPOLOGY), communicator.size());
        int rank = communicator.rank();
        neighbours = topology.neighbours(rank);
        weights = new double[neighbours.length];
        for (int j = 0; j < weights.length; j++) {
            weights[j] = topology.weight(rank, neighbours[j]);
        }
        ownWeight = topology.weight(rank, rank);
    }

    /** Returns w_ii. */
    double ownWeight() {
        return ownWeight;
    }

    /**
     * Starts an exchange. Collective.
     *
     * @param u what is sent; becomes Q(u)
     * @param toAddTo what {@link #receive} adds to; the exchange's until then
     * @param scale f
     */
    void send(NDArray u, NDArray toAddTo, double scale) {
        target = toAddTo;
        factor = scale;
        inFlight = communicator.exchange(neighbours, messages.pack(u));
    }

    /** Waits for the neighbours' messages and adds them; does nothing where none are under way. */
    void receive() {
        if (inFlight != null) {
            ByteBuffer[] received = inFlight.await();
            inFlight = null;
            for (int j = 0; j < received.length; j++) {
                messages.add(received[j], neighbours[j], factor * weights[j], target);
            }
        }
    }
}
