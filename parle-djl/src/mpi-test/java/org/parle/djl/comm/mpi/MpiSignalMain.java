package org.parle.djl.comm.mpi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.comm.Communicator;

import java.time.Duration;

/**
 * One process of {@link MpiSignalTest}: averages and computes for ever, in shared memory and in
 * messages.
 */
final class MpiSignalMain {

    private MpiSignalMain() {}

    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray vector = manager.ones(new Shape(400_000));
            Thread computing = new Thread(MpiSignalMain::compute);
            computing.setDaemon(true);
            computing.start();
            Communicator communicator = new MpiCommunicator(Duration.ofSeconds(60));
            communicator.barrier().await();
            System.out.println(
                    "rank " + communicator.rank() + " has pid " + ProcessHandle.current().pid());
            while (true) {
                communicator.allReduceMean(vector).await();
                vector.muli(1f);
                communicator.broadcast(vector, 0).await();
            }
        }
    }

    /** In native code, whose libraries must stay as they are. */
    private static void compute() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray matrix = manager.ones(new Shape(300, 300));
            while (true) {
                try (NDArray product = matrix.matMul(matrix)) {
                    product.exp().close();
                }
            }
        }
    }
}
