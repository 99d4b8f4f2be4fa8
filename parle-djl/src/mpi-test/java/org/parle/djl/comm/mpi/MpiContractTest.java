package org.parle.djl.comm.mpi;

import org.parle.djl.MpiJob;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import static org.testng.Assert.assertEquals;

/** The contract between processes of real mpirun. */
public class MpiContractTest {

    @DataProvider
    public Object[][] jobs() {
        int whole = 1 << 28;
        return new Object[][] {
            {2, 1, whole, true},
            {3, 1, whole, true},
            {4, 1, 300_000, true},
            {2, 2, whole, true},
            {2, 1, whole, false},
            {3, 1, whole, false},
            {4, 1, 300_000, false}
        };
    }

    @Test(dataProvider = "jobs")
    public void shouldKeepTheContract(int processes, int local, int piece, boolean shared)
            throws Exception {
        String text = MpiJob.run(processes, MpiContractMain.class, local, piece, shared);
        assertEquals(text.split("keeps the contract", -1).length - 1, processes, text);
    }
}
