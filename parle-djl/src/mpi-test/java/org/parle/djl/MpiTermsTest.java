package org.parle.djl;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Ranks of a real job that differ find out soon, and say in what; the rows of docs/mpi.md. */
public class MpiTermsTest {

    /** What a rank prints, with the time, when it is about to make its trainer. */
    static final String REACHED = "reached training at ";

    private static final int SECONDS = 300;

    /** From the time at which the first rank is there. */
    private static final int MOST_MILLIS = 10_000;

    @DataProvider
    public Object[][] items() {
        return new Object[][] {
            {"kind", "has parameter 03Linear_weight WEIGHT where replica 0 has absent"},
            {"shape", "has parameter weight (3, 64) where replica 0 has (2, 64)"},
            {"frozen", "_bias absent where replica 0 has (2)"},
            {"optimizer", "has optimizer local-sgd where replica 0 has sgd"},
            {"options", "has options {momentum=0.5} where replica 0 has"},
            {"clip", "has clipGrad 2.0 where replica 0 has absent"},
            {"batch norm", "has batch-norm batches 3 where replica 0 has 10"},
            {"devices", "has devices per replica 2 where replica 0 has 1"},
            {"replicas", "has replicas per trainer 2 where replica 0 has 1"},
            {"rate", "has learningRate at step 1 0.02 where replica 0 has 0.01"},
            {"schedule", " 0.01 where replica 0 has 0.001"},
            {"last rate", "has learningRate at step 24 0.02 where replica 0 has 0.01"},
            {"tracker", "has learning rate's tracker org.parle.djl.MpiTermsParts's lambda where"},
            {"seed", "has seed 2 where replica 0 has 1"},
            {"set", "has items of data 1 31 where replica 0 has 32;"},
            {"batch size", "batch size of data 1 8 where replica 0 has 4"},
            {"sharding", "has sharding of data 1 disjoint where replica 0 has reshuffled"},
            {"augmentation", "has augmentation of data 1 zeros where replica 0 has none"},
            {"transforms", "has transforms of data 1 Same where replica 0 has nothing"},
            {"own item", "has weather rain where replica 0 has sun"},
            {"later item", "has noise 0.2 where replica 0 has 0.1"},
            {"checkpoints", "has steps between checkpoints absent where replica 0 has 2"},
            {"steps", "after step 7"},
            {"weights", "has vector weights after step 8"},
            {"at a checkpoint", "has vector weights after step 4"},
            {"at the close", "has vector weights after step 24"},
            {"vector ef-sign-sgd weights", "has vector weights after step 8"},
            {"vector dgc weights", "has vector weights after step 8"},
            {"vector local-sgd reference", "has vector reference after step 8"},
            {"vector local-sgd meanEstimate", "has vector meanEstimate after step 8"},
            {"vector diloco outerMomentum", "has vector outerMomentum after step 8"},
            {"vector elastic-sgd reference", "has vector reference after step 8"},
            {"vector parle outerMomentum consensus", "has vector outerMomentum after step 8"},
            {"vector parle mean consensus", "has vector mean after step 8"},
            {"vector parle mean delayed-consensus", "has vector mean after step 8"},
            {"vector parle reference proximal", "has vector reference after step 8"}
        };
    }

    @Test(dataProvider = "items")
    public void shouldNameWhatDiffers(String item, String message) throws Exception {
        try (MpiJob job = job(item)) {
            assertDiffer(job, message);
        }
    }

    private static MpiJob job(String item) throws Exception {
        return MpiJob.start(2, MpiTermsMain.class, item, Files.createTempDirectory("terms"));
    }

    private static void assertDiffer(MpiJob job, String message) throws Exception {
        Assert.assertNotEquals(job.end(SECONDS), 0, job.text());
        long end = System.currentTimeMillis();
        String text = job.text();
        Assert.assertTrue(text.contains("replicas differ: replica 1 "), text);
        Assert.assertTrue(text.contains(message), text);
        Assert.assertFalse(text.contains("trained on"), text);
        long begin =
                text.lines()
                        .filter(line -> line.contains(REACHED))
                        .mapToLong(line -> Long.parseLong(line.split(REACHED, 2)[1].strip()))
                        .min()
                        .orElseThrow();
        System.out.println("ended after " + (end - begin) + " ms: " + message);
        Assert.assertTrue(end - begin <= MOST_MILLIS, end - begin + " ms: " + text);
    }

    /** One path, which is another file on another host. */
    @Test
    public void shouldTellEdgesOfAFileApart() throws Exception {
        Path first = Files.createTempDirectory("first");
        Files.writeString(first.resolve("graph.txt"), "0 1\n1 2\n");
        Path others = Files.createTempDirectory("others");
        Files.writeString(others.resolve("graph.txt"), "0 1\n1 2\n2 0\n");
        List<MpiJob.Place> ranks =
                Stream.of(first, others, others).map(f -> new MpiJob.Place(f, "")).toList();
        try (MpiJob job = MpiJob.start(ranks, MpiTermsMain.class, "edges", first)) {
            assertDiffer(job, "has edges of graph.txt 3 with the checksum ");
        }
    }

    @Test
    public void shouldTellVersionsApart() throws Exception {
        Path folder = Files.createTempDirectory("versions");
        String newer = packed(folder.resolve("newer.jar"), "9.9.9").toString();
        List<MpiJob.Place> ranks =
                List.of(new MpiJob.Place(folder, ""), new MpiJob.Place(folder, newer));
        try (MpiJob job = MpiJob.start(ranks, MpiTermsMain.class, "version", folder)) {
            assertDiffer(job, "has library version 9.9.9 where replica 0 has unknown");
        }
    }

    /** Packs the library as another version. */
    private static Path packed(Path jar, String version) throws Exception {
        Path classes =
                Path.of(Replicas.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes)) {
            files = all.filter(file -> file.toString().endsWith(".class")).toList();
        }
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out, manifest)) {
            for (Path file : files) {
                add(packed, classes.relativize(file).toString(), file);
            }
        }
        return jar;
    }

    private static void add(JarOutputStream packed, String name, Path file) throws IOException {
        packed.putNextEntry(new JarEntry(name.replace('\\', '/')));
        Files.copy(file, packed);
        packed.closeEntry();
    }

    @Test
    public void shouldTrainOnSetsOfTheirOwn() throws Exception {
        try (MpiJob job = job("own sets")) {
            Assert.assertEquals(job.end(SECONDS), 0, job.text());
        }
    }

    /** Rounding of other processors is no fault: all go on from rank 0's. */
    @Test
    public void shouldTakeRankZerosValuesOnOtherProcessors() throws Exception {
        try (MpiJob job = job("processor")) {
            Assert.assertEquals(job.end(SECONDS), 0, job.text());
            int said = job.text().split("replicas compute on", -1).length - 1;
            Assert.assertEquals(said, 1, job.text());
            List<String> bits = job.text().lines().filter(l -> l.startsWith("bits")).toList();
            Assert.assertEquals(bits.size(), 2, job.text());
            Assert.assertEquals(bits.get(0), bits.get(1));
        }
    }
}
