package org.parle.djl;

import org.parle.djl.job.Launchers;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.List;
import java.util.Map;

/** Processes that another launcher has started do not train alone, unless they are told to. */
public class LaunchersTest {

    @DataProvider
    public Object[][] several() {
        return new Object[][] {
            {Map.of("PMI_SIZE", "2", "PMI_RANK", "0"), "PMI_SIZE=2"},
            {Map.of("WORLD_SIZE", "4", "RANK", "3"), "WORLD_SIZE=4"},
            {Map.of("SLURM_STEP_NUM_TASKS", "8", "SLURM_PROCID", "0"), "SLURM_STEP_NUM_TASKS=8"},
            {Map.of("PMIX_RANK", "1"), "PMIX_RANK=1"},
            {Map.of("PMI_RANK", "12"), "PMI_RANK=12"},
            {Map.of("RANK", "2"), "(RANK=2)"},
            {Map.of("SLURM_PROCID", "1"), "SLURM_PROCID=1"},
            {Map.of("OMPI_COMM_WORLD_SIZE", "3"), "one of 3 processes of an Open MPI job"},
        };
    }

    @Test(dataProvider = "several")
    public void shouldRefuseToBeOneOfSeveral(Map<String, String> environment, String seen) {
        String told =
                Assert.expectThrows(IllegalStateException.class, () -> Launchers.check(environment))
                        .getMessage();
        Assert.assertTrue(told.contains(seen), told);
        Assert.assertFalse(told.contains("\n"), told);
    }

    @DataProvider
    public Object[][] alone() {
        return new Object[][] {
            {Map.of()},
            {Map.of("PMI_SIZE", "1", "PMI_RANK", "0")},
            {Map.of("WORLD_SIZE", "1", "RANK", "0")},
            {Map.of("SLURM_STEP_NUM_TASKS", "1", "SLURM_PROCID", "0", "SLURM_NTASKS", "8")},
            {Map.of("PMIX_RANK", "0")},
            {Map.of("WORLD_SIZE", "all of it", "RANK", "")},
            // mpirun -n 1 within a Slurm allocation of several hosts
            {Map.of("OMPI_COMM_WORLD_SIZE", "1", "SLURM_STEP_NUM_TASKS", "2")},
        };
    }

    @Test(dataProvider = "alone")
    public void shouldGoOnAlone(Map<String, String> environment) {
        Launchers.check(environment);
    }

    @Test
    public void shouldEndARealProcess() throws Exception {
        String output = run(List.of(), false);
        Assert.assertTrue(output.contains("WORLD_SIZE=2"), output);
        Assert.assertTrue(output.contains("-Dparle.communicator=none"), output);
    }

    @Test
    public void shouldLetAProcessTrainForItselfThatIsToldTo() throws Exception {
        String output = run(List.of("-Dparle.communicator=none"), true);
        Assert.assertTrue(output.contains("processes: 1"), output);
    }

    private static String run(List<String> options, boolean well) throws Exception {
        Map<String, String> environment = Map.of("WORLD_SIZE", "2", "RANK", "0");
        return Jvm.start(Jvm.classPath(any -> true), environment, options, ContextMain.class)
                .await(well);
    }
}
