package org.parle.djl.examples.dataset;

import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.parle.djl.examples.OwnJvm;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** What lies in a folder of images is trained on, or left out with a word. */
public class FolderTest {

    private static final String LINE =
            "train --dataset folder --image-size 8 --model mlp --replicas 1 --optimizer sgd"
                    + " --epochs 1 --batch-size 4 --data-dir ";

    private static String trains(Path folder) {
        Outcome outcome = Command.type(LINE + folder);
        Assert.assertEquals(outcome.code(), 0, outcome.err());
        return outcome.out();
    }

    private static String refuses(Path folder) {
        Outcome outcome = Command.type(LINE + folder);
        Assert.assertEquals(outcome.code(), 2, outcome.err());
        Assert.assertEquals(outcome.err().strip().lines().count(), 1, outcome.err());
        return outcome.err();
    }

    @Test
    public void shouldCountWhatItFindsAndWhatItLeavesOut() throws IOException {
        Path folder = Drawings.folder(3, "a", "b");
        Path train = folder.resolve("train");
        Drawings.draw(train.resolve("a/deep/er"), 2, 0xff);
        // hidden, and a copy of what is there
        Drawings.draw(train.resolve("a/.checkpoints"), 2, 0xff);
        Files.writeString(train.resolve("a/.hidden.png"), "");
        Files.writeString(train.resolve("b/notes.txt"), "");
        Files.writeString(train.resolve("b/3.WEBP"), "");
        Files.writeString(train.resolve("b/4"), "");
        Files.writeString(train.resolve("5.png"), "");
        Files.createSymbolicLink(train.resolve("b/gone.png"), Path.of("/nowhere.png"));
        Files.createSymbolicLink(train.resolve("b/up"), train);
        String out = trains(folder);
        Assert.assertTrue(
                out.contains(
                        "train: 8 images in 2 classes (least 3, most 5), 9 files left out: 3"
                                + " hidden, 1 linked to a folder above, 1 linked to nothing, 3 of"
                                + " a kind that is not read (.txt, .webp, no suffix), 1 outside"
                                + " of the classes' folders\n"),
                out);
        Assert.assertTrue(out.contains("test: 6 images in 2 classes (least 3, most 3)\n"), out);
    }

    @Test
    public void shouldFollowAClassThatIsALink() throws IOException {
        Path folder = Drawings.folder(3, "a");
        Path elsewhere = Files.createTempDirectory("parle");
        Drawings.draw(elsewhere, 2, 0xff00);
        for (String half : new String[] {"train", "test"}) {
            Files.createSymbolicLink(folder.resolve(half).resolve("b"), elsewhere);
        }
        String out = trains(folder);
        Assert.assertTrue(out.contains("train: 5 images in 2 classes (least 2, most 3)\n"), out);
    }

    @Test
    public void shouldReadNamesThatTheLocaleCannotWrite() throws Exception {
        Path folder = Drawings.folder(3, "a", "b", "c");
        String rename =
                "for half in train test; do cd $0/$half; mv b $'\\xc3\\xa4'; mv c $'\\xc3\\xb6';"
                        + " mv a/0.png a/$'\\xe2\\x82\\xac.png'; cd -; done";
        OwnJvm.run(new ProcessBuilder("bash", "-euc", rename, folder.toString()));
        String out = OwnJvm.type(Map.of("LC_ALL", "C"), LINE + folder);
        Assert.assertTrue(out.contains("train: 9 images in 3 classes (least 3, most 3)\n"), out);
    }

    @Test
    public void shouldRefuseAClassWithoutImages() throws IOException {
        Path folder = Drawings.folder(3, "a", "b");
        Files.createDirectories(folder.resolve("train/empty"));
        Files.createDirectories(folder.resolve("test/empty"));
        Files.writeString(folder.resolve("train/empty/1.webp"), "");
        String err = refuses(folder);
        Assert.assertTrue(
                err.contains(
                        "/train has no image of empty, 1 file left out: 1 of a kind that is not"
                                + " read (.webp)"),
                err);
    }

    @Test
    public void shouldRefuseOneClass() throws IOException {
        String err = refuses(Drawings.folder(3, "only"));
        Assert.assertTrue(err.contains("/train has one class, only: "), err);
    }

    @Test
    public void shouldNameTheClassThatIsMissingAlone() throws IOException {
        Path folder = Files.createTempDirectory("parle");
        for (int i = 0; i < 300; i++) {
            String name = String.format(Locale.ROOT, "class%03d", i);
            Files.createDirectories(folder.resolve("train").resolve(name));
            if (i != 123) {
                Files.createDirectories(folder.resolve("test").resolve(name));
            }
        }
        String err = refuses(folder);
        Assert.assertEquals(err, "parle: " + folder + ": test has no folder class123\n");
    }

    @Test
    public void shouldNameABrokenImage() throws IOException {
        Path folder = Drawings.folder(3, "a", "b");
        Path broken = folder.resolve("train/b/7.png");
        Files.writeString(broken, "no image");
        Files.write(folder.resolve("train/b/8.jpg"), new byte[0]);
        byte[] whole = Files.readAllBytes(folder.resolve("train/b/1.png"));
        Files.write(folder.resolve("train/b/9.png"), Arrays.copyOf(whole, 60));
        String err = refuses(folder);
        Assert.assertTrue(err.contains(broken + " cannot be read as an image: "), err);
        Assert.assertTrue(err.contains("; and 2 images more"), err);
    }

    @Test
    public void shouldSampleFromAllClasses() throws IOException {
        Path folder = Drawings.folder(20, "a", "b", "c");
        String part = folder + " --train-size 12 --test-size 12 --seed ";
        String line = null;
        for (int seed : IntStream.rangeClosed(1, 2).toArray()) {
            Outcome outcome = Command.type(LINE + part + seed);
            Assert.assertEquals(outcome.code(), 0, outcome.err());
            String found = outcome.out().lines().findFirst().orElseThrow();
            Assert.assertTrue(
                    found.matches(
                            "train: 60 images in 3 classes \\(least 20, most 20\\); a sample of 12"
                                    + " images \\(least [1-4], most [4-9]\\)"),
                    found);
            Assert.assertEquals(found, line == null ? found : line);
            line = found;
        }
    }
}
