package org.parle.djl.comm.mpi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.comm.Communicator;

import java.time.Duration;

/** One process of {@link MpiSignalTest}: averages for ever, in shared memory and in messages. */
final class MpiSignalMain {

    private MpiSignalMain() {}

    public static void main(String[] args) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray vector = manager.ones(new Shape(400_000));
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
}
