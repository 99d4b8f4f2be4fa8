package org.parle.djl;

import org.parle.djl.MpiJob.Means;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;

/** Training between processes of real mpirun. */
public class MpiTrainingTest {

    private static List<Float> weights(Path folder, int replica) throws IOException {
        return Files.readAllLines(folder.resolve(replica + ".txt")).stream()
                .map(Float::parseFloat)
                .toList();
    }

    @DataProvider
    public Object[][] means() {
        return new Object[][] {{Means.SHARED_MEMORY}, {Means.MESSAGES}};
    }

    private static Path run(Means means, int processes, Object... args) throws Exception {
        Path folder = Files.createTempDirectory("parle-mpi");
        Object[] all = new Object[args.length + 1];
        all[0] = folder;
        System.arraycopy(args, 0, all, 1, args.length);
        MpiJob.run(means, processes, MpiTrainingMain.class, all);
        return folder;
    }

    @Test(dataProvider = "means")
    public void shouldCoupleAPlainDjlProgram(Means means) throws Exception {
        Path folder = Files.createTempDirectory("parle-mpi");
        String text = MpiJob.run(means, 3, MpiTrainingMain.class, folder, "plain");
        assertEquals(text.split("accuracy good", -1).length - 1, 3, text);
        // a bar ends with a new line at 100%: one for each of three epochs, from rank 0 only
        assertEquals(text.split("Training: +100%", -1).length - 1, 3, text);
        assertEquals(weights(folder, 1), weights(folder, 0));
        assertEquals(weights(folder, 2), weights(folder, 0));
    }

    @Test(dataProvider = "means")
    public void shouldTrainAsThreadsDoWhereNothingIsDrawn(Means means) throws Exception {
        Map<Integer, float[]> threads = ReplicasTest.weights(4, false, false);
        for (int processes : new int[] {4, 2}) {
            Path folder = run(means, processes, 4, "quiet", "blind");
            for (int replica = 0; replica < 4; replica++) {
                List<Float> found = weights(folder, replica);
                float[] expected = threads.get(replica);
                assertEquals(found.size(), expected.length);
                for (int i = 0; i < expected.length; i++) {
                    assertEquals(found.get(i), expected[i], 1e-5f, "replica " + replica);
                }
            }
        }
    }

    @Test(dataProvider = "means")
    public void shouldRepeatItselfAlsoWhereMasksAreDrawnAndSomeoneLooks(Means means)
            throws Exception {
        Path first = run(means, 2, 2, "drawing", "blind");
        Path second = run(means, 2, 2, "drawing", "evaluate");
        for (int replica = 0; replica < 2; replica++) {
            assertEquals(weights(second, replica), weights(first, replica));
        }
        assertNotEquals(weights(first, 0), weights(first, 1));
    }
}
