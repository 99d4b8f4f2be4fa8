package org.parle.djl.comm;

import org.parle.djl.comm.mpi.Mpi;
import org.parle.djl.comm.mpi.MpiCommunicator;

import java.time.Duration;
import java.util.List;

/** One process of {@link MpiContractTest}: the contract on its replicas. */
final class MpiContractMain {

    private MpiContractMain() {}

    public static void main(String[] args) {
        int local = Integer.parseInt(args[0]);
        long pieceLength = Long.parseLong(args[1]);
        Duration timeout = Duration.ofSeconds(60);
        MpiCommunicator processes = new MpiCommunicator(timeout, pieceLength);
        try {
            List<Communicator> group =
                    local == 1 ? List.of(processes) : Ranks.members(local, processes);
            Ranks.run(group, CommunicatorContract::check);
            processes.barrier().await();
            System.out.println("process " + processes.rank() + " keeps the contract");
        } catch (Throwable e) {
            e.printStackTrace();
            processes.abort(e);
        }
        Mpi.end();
    }
}
