package org.parle.djl.examples.command;

import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a user may type wrongly. */
public class MistakesTest {

    @DataProvider
    public Object[][] mistakes() {
        return new Object[][] {
            {"train --optimizer parl", "did you mean \"parle\""},
            {"train --gama 3", "did you mean --gamma"},
            {"trian", "\"trian\" is not expected here; did you mean train?"},
            {
                "train --optimiser parle",
                "there is no option --optimiser; did you mean --optimizer?"
            },
            {"train --coupling x", "momentum, proximal, not x\n"},
            {"train --optimizer sgd --sync-every 3", "sgd has no option --sync-every"},
            {
                "train --optimizer elastic-sgd --rho-floor 1",
                "has no option --rho-floor (which is for parle)"
            },
            {"train --alpha 1.5", "--alpha must be a number from 0 to 1, not 1.5"},
            {"train --alpha 1", "learns nothing"},
            {"train --sync-every 0", "--sync-every must be a whole number from 1"},
            {"train --sync-every auto --gamma 0", "give --sync-every a number"},
            {"train --gamma -1", "--gamma must be"},
            {"train --rho x", "--rho must be"},
            {"train --learning-rate -1", "--learning-rate must be"},
            {"train --learning-rate NaN", "--learning-rate must be"},
            {"train --coupling proximal --gamma 0", "--gamma=0 learns nothing"},
            {"train --coupling consensual", "did you mean \"consensus\""},
            {"train --coupling momentum --outer-momentum 0.5", "--outer-momentum belongs to"},
            {"train --optimizer entropy-sgd", "entropy-sgd trains one replica, not 3"},
            {"train --replicas 0", "--replicas must be at least 1"},
            {
                "train --replicas 10000000",
                "10000000 replicas need at least 10000100 threads and 21"
            },
            {"train --replicas two", "'two' is not an int"},
            {"train --epochs 0", "--epochs must be at least 1"},
            {"train --batch-size 0", "--batch-size must be at least 1"},
            {"train --batch-norm-batches -1", "--batch-norm-batches must be at least 0"},
            {"train --workers 0", "--workers must be at least 1"},
            {"train --timeout 0", "--timeout must be at least 1"},
            {"train --drop-at 0", "--drop-at must be at least 1"},
            {"train --drop-factor 0", "--drop-factor must be above 0"},
            {"train --every 0", "--every must be at least 1"},
            {"train --from-reference", "--from-reference needs --resume"},
            {"train --resume /nowhere", "--resume must be a folder: /nowhere"},
            {"train --schedule cosin", "did you mean \"cosine\""},
            {"train --scale-up sise", "did you mean \"size\""},
            {"train --scale-up degree", "parle has none: use --scale-up size"},
            {"train --base-batch-size 0", "--base-batch-size must be at least 1"},
            {"train --warmup-steps -1", "--warmup-steps must be at least 0"},
            {"train --warmup-from 0.1", "--warmup-from needs --warmup-steps"},
            {"train --warmup-steps 3 --warmup-from -1", "--warmup-from must be at least 0"},
            {"topology rign --replicas 4", "did you mean \"ring\""},
            {"topology ring", "how many replicas?"},
            {"topology rign", "did you mean \"ring\""},
            {"topology --replicas 4", "which graph?"},
            {"topology ring --replicas 0", "--replicas must be from 1 to 4096, not 0"},
            {"topology torus --replicas 13", "12 or 14 would do"},
            {"topology no/such.txt --replicas 4", "there is no edge list no/such.txt"},
            {"topology ring --replicas 4 --output ring.gif", "end in .png or .svg, not ring.gif"},
            {"topology ring --replicas 4 --output /dev/null/a.png", "cannot make the folder"},
            {"topology ring --replica 4", "did you mean --replicas"},
            {"train --normalize", "--normalize is not for digits"},
            {"train --augment zeros", "a flipped digit is none"},
            {"train --model resnet", "did you mean \"lenet\" or \"resnet-20\"?"},
            {"train --model wrn-17-4", "17"},
            {"train --model lenet --dataset cifar10", "take --model resnet-20 or all-cnn"},
            {"train --dataset cifar", "did you mean \"cifar10\"?"},
            {"train --dataset folder --model mlp", "--dataset folder needs --data-dir"},
            {"train --dataset folder --model mlp --data-dir /nowhere", "no folder /nowhere/train"},
            {"train --dataset cifar100 --model mlp --data-dir /nowhere", "no cifar100 in /nowhere"},
            {"train --max-steps -1", "--max-steps"},
            {"train --dataset mnist --data-dir /nowhere", "no mnist in /nowhere"},
            {"train --data-dir /nowhere", "digits needs no files"},
            {"train --shard some", "some"},
            {"train --shard fraction=2", "fraction"},
            {"train --shard dirichlet", "dirichlet"},
            {"train --shard disjoint --train-size 2 --test-size 2", "cannot deal 2 items to 3"},
            {"train --shard disjoint --train-size 1 --test-size 2", "cannot deal 1 item to 3"},
            {"train --devices 99", "GPU 99 does not exist"},
            {"train --devices tpu", "not tpu"},
            {"train --optimizer choco-sgd --keep 0.1", "--keep=0.1 is not for compressor sign"},
            {"train --optimizer choco-sgd --topology rnig", "\"ring\""},
            {"train --compressor sgn", "did you mean \"sign\""},
            {"tune-consensus --optimizer sgd", "sgd has no --consensus-step"},
            {"tune-consensus --consensus-step 0.1", "give --grid the steps"},
            {"tune-consensus --gamma 3", "choco-sgd has no option --gamma"},
            {"tune-consensus --grid 0", "--grid must be above 0"},
            {"tune-consensus --replicas 1", "--replicas must be at least 2"},
            {"fine-tune", "--model=URL"},
            {"fine-tune --model file:///nowhere --side 30", "--side must be 28, 56, 84"},
            {"fine-tune --model file:///nowhere --block mlp", "torchscript, lenet, not mlp"},
            {"fine-tune --model file:///nowhere --frozen-epochs -1", "must be at least 0"},
            {"optimizers parl", "did you mean \"parle\""},
            {"", "parle --help"},
        };
    }

    @Test(dataProvider = "mistakes")
    public void shouldRefuseWithOneClearLine(String line, String part) {
        refuses(part, line.isEmpty() ? new String[0] : line.split(" ", -1));
    }

    private static void refuses(String part, String... args) {
        Outcome outcome = Command.run(args);
        Assert.assertEquals(outcome.code(), Failures.BAD_USAGE, outcome.err());
        Assert.assertTrue(outcome.err().contains(part), outcome.err());
        Assert.assertEquals(outcome.err().strip().lines().count(), 1, outcome.err());
        Assert.assertEquals(outcome.out(), "");
    }

    @Test
    public void shouldRefuseAnOutputThatIsAFile() throws IOException {
        String file = Files.createTempFile("parle", "").toString();
        refuses("--output must be a folder: " + file, "train", "--output", file);
        refuses("cannot make the folder", "train", "--output", file + "/below");
    }

    @Test
    public void shouldRefuseAResultThatIsAFolder() throws IOException {
        String folder = Files.createTempDirectory("parle").toString();
        refuses("--result must be a file: " + folder, "train", "--result", folder);
    }

    @Test
    public void shouldRefuseDataOfTheWrongSize() throws IOException {
        Path folder = Files.createTempDirectory("parle");
        for (String name : new String[] {"train_data", "train_labels", "test_data"}) {
            Files.write(folder.resolve(name), new byte[10]);
        }
        Files.write(folder.resolve("test_labels"), new byte[10_008]);
        refuses(
                "is damaged: 10 bytes",
                "train",
                "--dataset",
                "fashion-mnist",
                "--data-dir",
                folder.toString());
    }

    @Test
    public void shouldShowWhereAnErrorCameFromOnRequest() {
        Outcome outcome = Command.type("train --stacktrace --replicas 0");
        Assert.assertTrue(outcome.err().contains("\tat org.parle.djl.examples.option."));
    }
}
