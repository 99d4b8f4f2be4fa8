package org.parle.djl.comm;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Pattern;

import static org.parle.djl.comm.ContractValues.checkMessage;
import static org.parle.djl.comm.ContractValues.message;
import static org.parle.djl.comm.ContractValues.near;
import static org.parle.djl.comm.ContractValues.verify;

/** Which calls of the library's own communicators belong together, and which never meet. */
public final class CallsContract {

    private CallsContract() {}

    /**
     * A rank that has made all its calls may leave before others come to theirs: rank 0 does.
     * Collective, and the last that can be.
     *
     * @param meet returns when all ranks have called it
     */
    public static void checkLeaving(Communicator communicator, Runnable meet) {
        int rank = communicator.rank();
        if (rank > 0) {
            meet.run();
        }
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            ContractValues values = new ContractValues(communicator, manager);
            NDArray mean = values.vector(300_000, rank + 1);
            NDArray first = values.vector(5000, rank + 1);
            List<Pending<Void>> vectors =
                    List.of(communicator.allReduceMean(mean), communicator.broadcast(first, 0));
            Pending<ByteBuffer[]> messages = communicator.allGather(message(rank));
            int last = communicator.size() - 1;
            // ranks 1 and the last
            boolean talks = last > 1 && (rank == 1 || rank == last);
            int[] neighbours = talks ? new int[] {last + 1 - rank} : new int[0];
            Pending<ByteBuffer[]> pair = communicator.exchange(neighbours, message(rank));
            if (rank == 0) {
                communicator.close();
                if (last > 0) {
                    refusesCalls(communicator);
                }
                meet.run();
            } else {
                vectors.forEach(Pending::await);
                values.checkMean(mean, 1);
                near(first.getFloat(4999), values.vector(5000, 1).getFloat(4999), "of rank 0");
                for (int sender = 0; sender <= last; sender++) {
                    checkMessage(messages.await()[sender], sender);
                }
                if (talks) {
                    checkMessage(pair.await()[0], neighbours[0]);
                }
            }
            // the vectors are the calls' until all are through
            meet.run();
        }
    }

    private static void refusesCalls(Communicator communicator) {
        try {
            communicator.barrier();
        } catch (IllegalStateException e) {
            return;
        }
        verify(false, "a closed communicator refuses calls");
    }

    /** Two all-reduces of one length that are different calls are refused. Collective. */
    public static void checkDifferentNumbers(Communicator communicator) {
        String refusal = "";
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            NDArray vector = manager.create(new float[8]);
            try {
                if (communicator.rank() > 0) {
                    communicator.exchange(new int[0], ByteBuffer.allocate(0)).await();
                }
                communicator.allReduceMean(vector).await();
            } catch (CommunicationException e) {
                refusal = e.getMessage();
            }
        }
        Pattern sides = Pattern.compile("called .* where (rank|replica) \\d+ called all-reduce");
        verify(sides.matcher(refusal).find(), "both calls are named: " + refusal);
    }
}
