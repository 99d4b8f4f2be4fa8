package org.parle.djl.comm.mpi;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.CommunicatorContract;
import org.parle.djl.comm.Ranks;

import java.time.Duration;
import java.util.List;

/** One process of {@link MpiContractTest}: the contract on its replicas. */
final class MpiContractMain {

    private MpiContractMain() {}

    public static void main(String[] args) throws Exception {
        int local = Integer.parseInt(args[0]);
        int pieceLength = Integer.parseInt(args[1]);
        Communicator processes = new MpiCommunicator(Duration.ofSeconds(60), pieceLength);
        List<Communicator> group =
                local == 1 ? List.of(processes) : Ranks.members(local, processes);
        Ranks.run(group, CommunicatorContract::check);
        processes.barrier().await();
        System.out.println("process " + processes.rank() + " keeps the contract");
    }
}
