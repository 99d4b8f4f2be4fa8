package org.parle.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.tracker.Tracker;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.parle.djl.checkpoint.CheckpointException;
import org.testng.Assert;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What is on disk, and what is refused. */
public class CheckpointsTest {

    private static final int STEPS = 7;

    private Path folder;

    @BeforeMethod
    public void makeFolder() throws IOException {
        folder = Files.createTempDirectory("parle");
    }

    private static ResumableRun run(int replicas) {
        ResumableRun run = new ResumableRun();
        run.replicas = replicas;
        return run;
    }

    private Path checkpoint(int step) {
        return folder.resolve("step-00000000" + step);
    }

    private static List<String> names(Path in) throws IOException {
        try (Stream<Path> all = Files.list(in)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the one line with which a run refuses to be resumed. */
    private String refusal(ResumableRun run) {
        ReplicaException e = Assert.expectThrows(ReplicaException.class, () -> run.resume(folder));
        Assert.assertEquals(e.getCause().getClass(), CheckpointException.class, e.toString());
        String message = e.getCause().getMessage();
        Assert.assertFalse(message.contains("\n"), message);
        return message;
    }

    private void shouldRefuse(ResumableRun run, Path file, String reason) {
        String message = refusal(run);
        Assert.assertTrue(message.startsWith(file + ": "), message);
        Assert.assertTrue(message.contains(reason), message);
    }

    @Test
    public void shouldHaveAFileForEachReplicaAndAManifest() throws Exception {
        run(3).trainAndLeave(folder, STEPS);
        Assert.assertEquals(names(folder), List.of("step-000000007"));
        Assert.assertEquals(
                names(checkpoint(STEPS)),
                List.of("manifest.json", "rank-0000.npz", "rank-0001.npz", "rank-0002.npz"));
    }

    /** The files are what their names say: DJL's own reader reads them. */
    @Test
    public void shouldBeReadableWithoutThisLibrary() throws Exception {
        run(1).trainAndLeave(folder, STEPS);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                InputStream in = Files.newInputStream(checkpoint(STEPS).resolve("rank-0000.npz"))) {
            NDList arrays = NDList.decode(manager, in);
            NDArray weights = arrays.get("replica.0.weights");
            Assert.assertEquals(weights.getShape().dimension(), 1);
            Assert.assertTrue(
                    arrays.stream().anyMatch(array -> array.getName().contains("runningMean")),
                    arrays.toString());
        }
    }

    @Test
    public void shouldKeepTheLastTwo() throws Exception {
        ResumableRun run = run(2);
        run.every = 2;
        run.trainAndLeave(folder, STEPS);
        Assert.assertEquals(names(folder), List.of("step-000000004", "step-000000006"));
    }

    @Test
    public void shouldClearAwayWhatAKillHasLeft() throws Exception {
        Path half = Files.createDirectory(folder.resolve("step-000000099.tmp"));
        Files.writeString(half.resolve("rank-0000.npz"), "half");
        run(1).trainAndLeave(folder, STEPS);
        Assert.assertEquals(names(folder), List.of("step-000000007"));
    }

    /** A newer one that was removed, or damaged and named away, leaves the one before. */
    @Test
    public void shouldGoOnFromACheckpointThatIsNamed() throws Exception {
        ResumableRun run = run(1);
        Map<Integer, float[]> expected = run.train();
        run.every = 3;
        run.trainAndLeave(folder, STEPS);
        Assert.assertEquals(names(folder), List.of("step-000000003", "step-000000006"));
        run.every = 100;
        Path copy = Files.createTempDirectory("parle");
        Files.move(checkpoint(3), copy.resolve("step-000000003"));
        Assert.assertEquals(run.resume(copy.resolve("step-000000003")).get(0), expected.get(0));
    }

    @Test
    public void shouldRefuseToMixTwoRuns() throws Exception {
        run(1).trainAndLeave(folder, STEPS);
        ReplicaException e =
                Assert.expectThrows(
                        ReplicaException.class, () -> run(1).trainAndLeave(folder, STEPS));
        String message = e.getCause().getMessage();
        Assert.assertTrue(message.startsWith(checkpoint(STEPS) + ": another run wrote"), message);
        Assert.assertEquals(names(folder), List.of("step-000000007"));
    }

    @Test
    public void shouldRefuseDamagedVectors() throws Exception {
        run(2).trainAndLeave(folder, STEPS);
        Path file = checkpoint(STEPS).resolve("rank-0001.npz");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        shouldRefuse(run(2), file, "checksum");
    }

    @Test
    public void shouldRefuseTruncatedVectors() throws Exception {
        run(2).trainAndLeave(folder, STEPS);
        Path file = checkpoint(STEPS).resolve("rank-0000.npz");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        shouldRefuse(run(2), file, "was written with " + bytes.length);
    }

    @Test
    public void shouldRefuseAMissingFile() throws Exception {
        run(2).trainAndLeave(folder, STEPS);
        Path file = checkpoint(STEPS).resolve("rank-0001.npz");
        Files.delete(file);
        shouldRefuse(run(2), file, "missing");
    }

    @DataProvider
    public Object[][] manifests() {
        return new Object[][] {
            {"\"step\": 7", "\"step\": 8", "checksum"},
            {"\"version\": 1", "\"version\": 1.5", "version is no whole number"},
            {"\"version\": 1", "\"version\": \"new\"", "version is no whole number"},
            {"\"version\": 1", "\"version\": 2", "newer version of this library (format 2"},
            {"parle-checkpoint", "another", "not a checkpoint of this library"},
            {"}\n}\n", "}\n", "no JSON object"},
        };
    }

    @Test(dataProvider = "manifests")
    public void shouldRefuseAChangedManifest(String from, String to, String reason)
            throws Exception {
        run(1).trainAndLeave(folder, STEPS);
        Path file = checkpoint(STEPS).resolve("manifest.json");
        String text = Files.readString(file);
        Assert.assertTrue(text.contains(from) || to.equals("}\n"), text);
        String changed =
                to.equals("}\n") ? text.substring(0, text.length() / 2) : text.replace(from, to);
        Files.writeString(file, changed);
        shouldRefuse(run(1), file, reason);
    }

    /** As another version of the algorithm would have left it. */
    @Test
    public void shouldRefuseACheckpointThatLacksAVector() throws Exception {
        ResumableRun run = run(1);
        run.optimizer = () -> rounds("local-sgd", 0);
        run.trainAndLeave(folder, STEPS);
        // the run that goes on has a momentum of its outer step, and was saved without
        rewrite(
                json -> {
                    JsonObject lines = json.getAsJsonObject("run");
                    String options = lines.get("options").getAsString();
                    lines.addProperty("options", options.replace("0.0", "0.5"));
                });
        run.optimizer = () -> rounds("local-sgd", 0.5);
        ReplicaException e = Assert.expectThrows(ReplicaException.class, () -> run.resume(folder));
        Assert.assertTrue(
                e.getMessage().contains("the checkpoint of step 7 has no vector \"outerMomentum\""),
                e.getMessage());
    }

    @Test
    public void shouldRefuseACheckpointThatLacksACounter() throws Exception {
        ResumableRun run = run(1);
        run.optimizer = () -> rounds("local-sgd", 0);
        run.trainAndLeave(folder, STEPS);
        rewrite(
                json ->
                        Assert.assertNotNull(
                                firstFile(json)
                                        .getAsJsonObject("counters")
                                        .remove("replica.0.synchronisations"),
                                json.toString()));
        ReplicaException e = Assert.expectThrows(ReplicaException.class, () -> run.resume(folder));
        Assert.assertTrue(
                e.getMessage().contains("has no counter \"synchronisations\""), e.getMessage());
    }

    private static ReplicaOptimizer rounds(String name, double momentum) {
        return Optimizer.named(
                name, Map.of("learningRate", 0.01, "syncEvery", 3, "outerMomentum", momentum));
    }

    @Test
    public void shouldRefuseAFileOutsideOfTheCheckpoint() throws Exception {
        run(1).trainAndLeave(folder, STEPS);
        Path manifest = rewrite(json -> firstFile(json).addProperty("name", "../rank-0000.npz"));
        shouldRefuse(run(1), manifest, "is no rank's file");
    }

    /** Changes the manifest, with a checksum that fits, and returns its path. */
    private Path rewrite(Consumer<JsonObject> change) throws Exception {
        Path manifest = checkpoint(STEPS).resolve("manifest.json");
        JsonObject json = JsonParser.parseString(Files.readString(manifest)).getAsJsonObject();
        json.remove("checksum");
        change.accept(json);
        json.addProperty("checksum", sha256(json.toString()));
        Files.writeString(manifest, json.toString());
        return manifest;
    }

    private static JsonObject firstFile(JsonObject manifest) {
        return manifest.getAsJsonArray("files").get(0).getAsJsonObject();
    }

    private static String sha256(String text) throws Exception {
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash);
    }

    @Test
    public void shouldRefuseAFolderWithoutCheckpoints() {
        Assert.assertEquals(
                refusal(run(1)),
                folder + ": there is no checkpoint in it, no folder like step-000000250");
    }

    @DataProvider
    public Object[][] foreigners() {
        Tracker other = k -> k < 5 ? 0.05f : 0.01f;
        return new Object[][] {
            change("options", run -> run.optimizer = () -> parle(Tracker.fixed(0.05f), 4)),
            change("learning rate at its step", run -> run.optimizer = () -> parle(other, 3)),
            change("optimizer", run -> run.optimizer = CheckpointsTest::elastic),
            change("parameter", run -> run.drawing = true),
            change("seed", run -> run.seed = 8),
            change("shard", run -> run.sharding = "fraction=0.5"),
            change("data set", run -> run.settings.put("data set", "another")),
            change("--from-reference", run -> run.replicas = 2),
        };
    }

    private static Object[] change(String reason, Consumer<ResumableRun> change) {
        return new Object[] {reason, change};
    }

    private static ReplicaOptimizer parle(Tracker rate, int every) {
        return Optimizer.parle()
                .setLearningRateTracker(rate)
                .optSyncEvery(every)
                .optBatchNormBatches(2)
                .build();
    }

    private static ReplicaOptimizer elastic() {
        return Optimizer.elasticSgd()
                .setLearningRateTracker(Tracker.fixed(0.05f))
                .optBatchNormBatches(2)
                .build();
    }

    @Test(dataProvider = "foreigners")
    public void shouldRefuseAnotherRun(String reason, Consumer<ResumableRun> change)
            throws Exception {
        run(1).trainAndLeave(folder, STEPS);
        ResumableRun other = run(1);
        change.accept(other);
        shouldRefuse(other, checkpoint(STEPS).resolve("manifest.json"), reason);
    }
}
