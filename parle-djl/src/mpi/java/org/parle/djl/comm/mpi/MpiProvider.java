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
        checkVersion();
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

    /** Refuses to work with a library that this half was not built with. */
    private static void checkVersion() {
        String own = MpiProvider.class.getPackage().getImplementationVersion();
        String library = CommunicatorProvider.class.getPackage().getImplementationVersion();
        // classes in a folder have none
        if (own != null && library != null && !own.equals(library)) {
            throw new IllegalStateException(
                    "parle-djl-"
                            + library
                            + ".jar and parle-djl-"
                            + own
                            + "-mpi.jar do not belong together: put both on the class path in one"
                            + " version");
        }
    }

    private static int environment(String name, int otherwise) {
        String value = System.getenv(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
