package org.parle.djl.examples.dataset;

import org.testng.Assert;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The folders that {@code --data-dir} understands, with files of the right size but no content. */
public class DataFolderTest {

    private static final String SET = "mlrepo/dataset/cv/ai/djl/basicdataset/mnist";

    private Path root;
    private Path files;

    @BeforeClass
    public void lay() throws IOException {
        root = Files.createTempDirectory("parle");
        files = Files.createDirectories(root.resolve("data").resolve(SET).resolve("1.0"));
        Map<String, Integer> sizes =
                Map.of(
                        "train_data", 47_040_016,
                        "train_labels", 60_008,
                        "test_data", 7_840_016,
                        "test_labels", 10_008);
        for (Map.Entry<String, Integer> size : sizes.entrySet()) {
            // sparse: takes no room
            try (RandomAccessFile file =
                    new RandomAccessFile(files.resolve(size.getKey()).toFile(), "rw")) {
                file.setLength(size.getValue());
            }
        }
    }

    @DataProvider
    public Object[][] places() {
        return new Object[][] {
            {""},
            {"data"},
            {"data/mlrepo"},
            {"data/mlrepo/dataset/cv/ai/djl"},
            {"data/mlrepo/dataset/cv/ai/djl/basicdataset"},
            {"data/" + SET},
            {"data/" + SET + "/1.0"},
        };
    }

    @Test(dataProvider = "places")
    public void shouldFindASetFromAnyFolderOnTheWayToIt(String place) throws IOException {
        Path found = DataFolder.find(root.resolve(place), "mnist");
        Assert.assertTrue(Files.isSameFile(found, files), found.toString());
    }

    @Test
    public void shouldBelieveTheDescriptionBesideTheFiles() throws IOException {
        // of 10,008 zeros
        String sum = "c54eec7bcbecd7897ffc3d1c7c89db1f9f248acc";
        Assert.assertEquals(found("mnist", sum), files.toString());
        Assert.assertTrue(found("fashmnist", sum).contains("describes fashmnist, not mnist"));
        String other = sum.replace('c', 'd');
        Assert.assertTrue(found("mnist", other).contains("test_labels is damaged: its SHA-1"));
    }

    /** Returns the place that is found beside such a description, or why none is. */
    private String found(String id, String sum) throws IOException {
        Path metadata = files.resolveSibling("metadata.json");
        Files.writeString(
                metadata,
                """
                {"artifactId": "%s", "artifacts": [{"version": "1.0", "name": "..", "files":
                {"test_labels": {"uri": "1.0/test_labels", "sha1Hash": "%s"}}}]}
                """
                        .formatted(id, sum));
        try {
            return DataFolder.find(files, "mnist").toString();
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        } finally {
            Files.delete(metadata);
        }
    }
}
