package org.parle.djl.comm.mpi;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.CommunicatorProvider;

import java.time.Duration;

/** {@code mpi}: Open MPI, through its own Java bindings. */
public final class MpiProvider implements CommunicatorProvider {

    /** Creates the provider; the service loader does, without Open MPI too. */
    public MpiProvider() {}

    @Override
    public String name() {
        return "mpi";
    }

    @Override
    public boolean launched() {
        return environment("OMPI_COMM_WORLD_SIZE", 1) > 1;
    }

    @Override
    public Communicator connect(Duration timeout) {
        try {
            return new MpiCommunicator(timeout);
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "this job needs Open MPI's Java bindings: mpi.jar on the class path (made by"
                            + " parle-djl/mpi/setup.sh), and libmpi_java.so on the library path"
                            + " (Debian and Ubuntu: apt-get install libopenmpi-dev, then"
                            + " -Djava.library.path=<its folder>); missing: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public int localRank() {
        return environment("OMPI_COMM_WORLD_LOCAL_RANK", 0);
    }

    @Override
    public int localSize() {
        return environment("OMPI_COMM_WORLD_LOCAL_SIZE", 1);
    }

    private static int environment(String name, int otherwise) {
        String value = System.getenv(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
