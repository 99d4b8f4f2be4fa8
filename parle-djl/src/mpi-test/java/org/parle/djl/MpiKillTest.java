package org.parle.djl;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A rank is killed at a random moment, and the job started again, some times over. */
public class MpiKillTest {

    private static final int PROCESSES = 2;
    private static final int LONGEST_LIFE_MILLIS = 800;
    private static final int ENDLESS = 1_000_000;
    private static final int SECONDS = 60;

    @DataProvider
    public Object[][] optimizers() {
        return new Object[][] {{"parle", 3}, {"choco-sgd", 2}, {"deep-squeeze", 1}, {"dgc", 1}};
    }

    @Test(dataProvider = "optimizers")
    public void shouldEndAsIfNeverKilled(String optimizer, int kills) throws Exception {
        Path folder = Files.createTempDirectory("parle-mpi");
        Path checkpoints = folder.resolve("checkpoints");
        Random random = new Random();
        for (int kill = 0; kill < kills; kill++) {
            try (MpiJob job = start(checkpoints.toString(), folder, ENDLESS, optimizer)) {
                job.until(text -> text.split("has pid", -1).length - 1 == PROCESSES, SECONDS);
                KillTest.awaitNewer(checkpoints, job.process());
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
                MpiJob.signal("KILL", job.rank(random.nextInt(PROCESSES)));
                Assert.assertNotEquals(job.end(SECONDS), 0, job.text());
            }
        }
        int epochs = KillTest.epochs(checkpoints);
        finish(checkpoints.toString(), folder.resolve("killed"), epochs, optimizer);
        finish("", folder.resolve("calm"), epochs, optimizer);
        Map<String, byte[]> killed = KillTest.files(folder.resolve("killed"));
        Map<String, byte[]> calm = KillTest.files(folder.resolve("calm"));
        Assert.assertFalse(calm.isEmpty());
        Assert.assertEquals(killed.keySet(), calm.keySet());
        calm.forEach((name, bytes) -> Assert.assertEquals(killed.get(name), bytes, name));
    }

    private static MpiJob start(String checkpoints, Path model, int epochs, String optimizer)
            throws Exception {
        return MpiJob.start(
                PROCESSES, KilledMain.class, checkpoints, model, PROCESSES, epochs, optimizer);
    }

    private static void finish(String checkpoints, Path model, int epochs, String optimizer)
            throws Exception {
        try (MpiJob job = start(checkpoints, model, epochs, optimizer)) {
            Assert.assertEquals(job.end(SECONDS), 0, job.text());
        }
    }
}
