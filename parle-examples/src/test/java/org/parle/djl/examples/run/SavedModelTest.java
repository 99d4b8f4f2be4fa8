package org.parle.djl.examples.run;

import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;

import org.testng.Assert;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files of models are whole, or not there. */
public class SavedModelTest {

    private Path folder;

    @BeforeMethod
    public void makeFolder() throws IOException {
        folder = Files.createTempDirectory("parle");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private void save(SequentialBlock block) throws IOException {
        try (Model model = Model.newInstance("net")) {
            block.add(Linear.builder().setUnits(2).build());
            model.setBlock(block);
            block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3));
            SavedModel.save(model, folder, "net");
        }
    }

    @Test
    public void shouldNumberFilesAsDjlDoes() throws Exception {
        save(new SequentialBlock());
        save(new SequentialBlock());
        Assert.assertEquals(names(), List.of("net-0000.params", "net-0001.params"));
        try (Model model = Model.newInstance("net")) {
            model.setBlock(new SequentialBlock().add(Linear.builder().setUnits(2).build()));
            model.load(folder, "net");
            Assert.assertTrue(model.getBlock().isInitialized());
        }
    }

    @Test
    public void shouldLeaveNothingHalfWritten() throws Exception {
        IOException e = Assert.expectThrows(IOException.class, () -> save(new Unwritable()));
        Assert.assertTrue(e.getMessage().startsWith(folder + ": the model"), e.getMessage());
        Assert.assertTrue(e.getMessage().contains("MiB are free there"), e.getMessage());
        Assert.assertEquals(names(), List.of());
    }

    /** As on a disk that is full. */
    private static final class Unwritable extends SequentialBlock {

        @Override
        public void saveParameters(DataOutputStream os) throws IOException {
            os.writeInt(1);
            throw new IOException("No space left on device");
        }
    }
}
