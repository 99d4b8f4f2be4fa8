package org.parle.djl.examples.run;

import org.parle.djl.examples.OwnJvm;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.Map;

/** Many replicas: what they say, and what they need. */
public class CapacityTest {

    private static final String LINE =
            "train --max-steps 2 --sync-every 100 --train-size 64 --test-size 10 --batch-size 16"
                    + " --model lenet5 --replicas ";

    @Test
    public void shouldWarnOnceOfWhatHoldsForAll() throws Exception {
        String line =
                "train --optimizer choco-sgd --consensus-step 1 --max-steps 2 --train-size 64"
                        + " --test-size 10 --batch-size 16 --model lenet5 --replicas 4";
        String out = OwnJvm.type(Map.of(), line);
        long warnings = out.lines().filter(text -> text.contains("may diverge")).count();
        Assert.assertEquals(warnings, 1, out);
    }

    @Test
    public void shouldLetSoManyBegin() throws Exception {
        String out = OwnJvm.type(Map.of(), LINE + "17 --workers 1 --batch-norm-batches 0");
        Assert.assertTrue(out.contains("2 for each replica"), out);
    }
}
