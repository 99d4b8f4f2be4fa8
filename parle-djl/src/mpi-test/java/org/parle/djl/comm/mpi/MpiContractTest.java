package org.parle.djl.comm.mpi;

import org.parle.djl.MpiJob;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import static org.testng.Assert.assertEquals;

/** The contract between processes of real mpirun. */
public class MpiContractTest {

    @DataProvider
    public Object[][] jobs() {
        return new Object[][] {{2, 1, 1 << 28}, {3, 1, 1 << 28}, {4, 1, 300_000}, {2, 2, 1 << 28}};
    }

    @Test(dataProvider = "jobs")
    public void shouldKeepTheContract(int processes, int local, int piece) throws Exception {
        String text = MpiJob.run(processes, MpiContractMain.class, local, piece);
        assertEquals(text.split("keeps the contract", -1).length - 1, processes, text);
    }
}
