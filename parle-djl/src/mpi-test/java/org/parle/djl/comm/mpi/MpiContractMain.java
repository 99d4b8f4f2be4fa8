package org.parle.djl.comm.mpi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.comm.CallsContract;
import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.CommunicatorContract;
import org.parle.djl.comm.Ranks;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** One process of {@link MpiContractTest}: the contract on its replicas. */
final class MpiContractMain {

    private MpiContractMain() {}

    public static void main(String[] args) throws Exception {
        int local = Integer.parseInt(args[0]);
        int pieceLength = Integer.parseInt(args[1]);
        Communicator processes = new MpiCommunicator(Duration.ofSeconds(60), pieceLength);
        if (local == 1) {
            checkScattered(processes);
        }
        List<Communicator> group =
                local == 1 ? List.of(processes) : Ranks.members(local, processes);
        Ranks.run(group, CommunicatorContract::checkOwn);
        leave();
        System.out.println("process " + processes.rank() + " keeps the contract");
    }

    private static void leave() {
        Communicator own = new MpiCommunicator(Duration.ofSeconds(60));
        Communicator other = new MpiCommunicator(Duration.ofSeconds(60));
        CallsContract.checkLeaving(own, () -> other.barrier().await());
    }

    /** A column of a matrix has no memory of its own, as a vector on a GPU has none here. */
    private static void checkScattered(Communicator processes) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray matrix = manager.full(new Shape(1000, 3), (float) processes.rank());
            for (int repeat = 0; repeat < 2; repeat++) {
                NDArray column = matrix.get(new NDIndex(":, 1"));
                processes.allReduceMean(column).await();
                processes.broadcast(column, processes.size() - 1).await();
                float[] expected = new float[1000];
                Arrays.fill(expected, (processes.size() - 1) / 2f);
                if (!Arrays.equals(column.toFloatArray(), expected)) {
                    throw new AssertionError("column: " + Arrays.toString(column.toFloatArray()));
                }
            }
            if (matrix.getFloat(7, 0) != processes.rank()) {
                throw new AssertionError("a neighbouring column was written to");
            }
        }
    }
}
