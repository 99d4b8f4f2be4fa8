package org.parle.djl.comm.mpi;

import mpi.Comm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

import org.parle.djl.comm.Implementations;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The mean of a vector over all ranks: each rank gets everybody's values of its own share of the
 * entries, averages them in rank order, and sends the averages to all.
 *
 * <p>As many bytes as a ring needs, 2(n &minus; 1)/n vectors in and out at each rank, in two rounds
 * instead of 2(n &minus; 1). A checksum follows each share, in a message of its own. MPI's own
 * non-blocking all-reduce sends everything through rank 0 for n &lt; 4, and its order of summation
 * depends on n and the length; here the bits are those of replicas on threads of one JVM.
 */
final class MpiAllReduce {

    private final Comm comm;
    private final int tag;
    private final String title;
    private final FloatBuffer vector;
    private final MpiBuffers buffers;
    private final int rank;
    private final int size;
    private final IntBuffer sums;
    private FloatBuffer inbox;

    MpiAllReduce(Comm comm, int tag, String title, FloatBuffer vector, MpiBuffers buffers) {
        this.comm = comm;
        this.tag = tag;
        this.title = title;
        this.vector = vector;
        this.buffers = buffers;
        rank = Mpi.call(comm::getRank);
        size = Mpi.call(comm::getSize);
        sums = MPI.newIntBuffer(size);
    }

    void addTo(List<Mpi.Action<List<Request>>> stages) {
        if (size > 1) {
            stages.add(this::scatter);
            stages.add(this::gather);
            stages.add(this::check);
        }
    }

    /** Returns where a rank's share of a vector begins. */
    static int start(FloatBuffer vector, int share, int size) {
        return (int) ((long) vector.capacity() * share / size);
    }

    private int start(int share) {
        return start(vector, share, size);
    }

    private int length(int share) {
        return start(share + 1) - start(share);
    }

    private FloatBuffer share(int of) {
        return vector.slice(start(of), length(of));
    }

    private FloatBuffer inbox(int from) {
        int own = length(rank);
        return inbox.slice(from * own, own);
    }

    private List<Request> scatter() throws MPIException {
        inbox = buffers.take(size * length(rank));
        List<Request> requests = new ArrayList<>();
        for (int i = 1; i < size; i++) {
            int from = (rank + size - i) % size;
            receive(requests, inbox(from), from, tag);
        }
        for (int i = 1; i < size; i++) {
            // each begins with another rank, so that no link is everybody's first
            int to = (rank + i) % size;
            send(requests, share(to), MpiChecksum.of(share(to)), to, tag);
        }
        return requests;
    }

    private List<Request> gather() throws MPIException {
        FloatBuffer own = share(rank);
        FloatBuffer[] values = new FloatBuffer[size];
        for (int from = 0; from < size; from++) {
            values[from] = from == rank ? own : inbox(from);
            if (from != rank) {
                MpiChecksum.check(title, from, sums.get(from), MpiChecksum.of(values[from]));
            }
        }
        Implementations.mean(values, rank);
        buffers.give(inbox);
        List<Request> requests = new ArrayList<>();
        for (int i = 1; i < size; i++) {
            int from = (rank + size - i) % size;
            receive(requests, share(from), from, tag + 1);
        }
        int sum = MpiChecksum.of(own);
        for (int i = 1; i < size; i++) {
            send(requests, own, sum, (rank + i) % size, tag + 1);
        }
        return requests;
    }

    private List<Request> check() {
        for (int from = 0; from < size; from++) {
            if (from != rank) {
                MpiChecksum.check(title, from, sums.get(from), MpiChecksum.of(share(from)));
            }
        }
        return List.of();
    }

    private void receive(List<Request> requests, FloatBuffer floats, int from, int as)
            throws MPIException {
        requests.add(comm.iRecv(floats, floats.capacity(), MPI.FLOAT, from, as));
        requests.add(comm.iRecv(sums.slice(from, 1), 1, MPI.INT, from, as));
    }

    private void send(List<Request> requests, FloatBuffer floats, int sum, int to, int as)
            throws MPIException {
        requests.add(comm.iSend(floats, floats.capacity(), MPI.FLOAT, to, as));
        requests.add(comm.iSend(MPI.newIntBuffer(1).put(0, sum), 1, MPI.INT, to, as));
    }
}
