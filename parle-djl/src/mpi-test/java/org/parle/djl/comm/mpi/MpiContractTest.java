package org.parle.djl.comm.mpi;

import org.parle.djl.MpiJob;
import org.parle.djl.MpiJob.Means;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import static org.testng.Assert.assertEquals;

/** The contract between processes of real mpirun. */
public class MpiContractTest {

    @DataProvider
    public Object[][] jobs() {
        int whole = 1 << 28;
        return new Object[][] {
            {2, 1, whole, Means.SHARED_MEMORY},
            {3, 1, whole, Means.SHARED_MEMORY},
            {4, 1, 300_000, Means.SHARED_MEMORY},
            {2, 2, whole, Means.SHARED_MEMORY},
            {2, 1, whole, Means.MESSAGES},
            {3, 1, whole, Means.MESSAGES},
            {4, 1, 300_000, Means.MESSAGES}
        };
    }

    @Test(dataProvider = "jobs")
    public void shouldKeepTheContract(int processes, int local, int piece, Means means)
            throws Exception {
        String text = MpiJob.run(means, processes, MpiContractMain.class, local, piece);
        assertEquals(text.split("keeps the contract", -1).length - 1, processes, text);
    }
}
