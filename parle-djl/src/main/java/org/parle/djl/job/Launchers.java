package org.parle.djl.job;

import java.util.List;
import java.util.Map;

/**
 * What the environment says of launchers that start several processes of one program, none of which
 * a transport has found to be its own. Each process would train a model alone, and write it where
 * the others write theirs.
 */
public final class Launchers {

    /** Says why there is no transport {@code mpi}. */
    public static final String WITHOUT_MPI =
            ", but the MPI half of parle-djl is not on the class path: add the dependency"
                    + " org.parle:parle-djl with the classifier mpi (parle-djl-VERSION-mpi.jar), in"
                    + " the same version; parle-djl/mpi/setup.sh and mvn install in its sources"
                    + " make it";

    private static final String OPEN_MPI = "OMPI_COMM_WORLD_SIZE";

    /** Those of PMI (Hydra, Intel MPI), torchrun and a Slurm step. */
    private static final List<String> SIZES =
            List.of("PMI_SIZE", "WORLD_SIZE", "SLURM_STEP_NUM_TASKS");

    /** For those that tell no size; the first process cannot be told from one alone. */
    private static final List<String> RANKS =
            List.of("PMIX_RANK", "PMI_RANK", "RANK", "SLURM_PROCID");

    private Launchers() {}

    /**
     * Refuses to be one of several processes that know nothing of one another.
     *
     * @param environment this process's
     * @throws IllegalStateException if it is one; the message says what was seen, and what to do
     */
    public static void check(Map<String, String> environment) {
        String launched = environment.get(OPEN_MPI);
        if (launched != null && !launched.equals("1")) {
            throw new IllegalStateException(
                    "this is one of " + launched + " processes of an Open MPI job" + WITHOUT_MPI);
        }
        if (launched != null) {
            // a job of one process; what others have set is of those that mpirun itself ran among
            return;
        }
        for (String size : SIZES) {
            refuse(size, environment, 1);
        }
        for (String rank : RANKS) {
            refuse(rank, environment, 0);
        }
    }

    private static void refuse(String variable, Map<String, String> environment, int harmless) {
        String value = environment.getOrDefault(variable, "");
        // what is no number is somebody else's
        if (value.matches("\\d{1,9}") && Integer.parseInt(value) > harmless) {
            throw new IllegalStateException(
                    "this is one of several processes ("
                            + variable
                            + '='
                            + value
                            + "), and not Open MPI's mpirun has started them, so that each would"
                            + " train alone: start them with mpirun, or with srun --mpi=pmix and"
                            + " -Dparle.communicator=mpi; if each is to train a model of its own,"
                            + " with -Dparle.communicator=none");
        }
    }
}
