package org.parle.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.parle.djl.checkpoint.CheckpointException;
import org.parle.djl.checkpoint.CheckpointFolder;
import org.parle.djl.checkpoint.CheckpointWriter;
import org.parle.djl.checkpoint.Snapshot;
import org.parle.djl.comm.LocalGroup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Writes a checkpoint, and stays until its input ends. */
final class CheckpointMain {

    private CheckpointMain() {}

    public static void main(String[] args) throws Exception {
        try {
            write(Path.of(System.getProperty("folder")), 1, Integer.getInteger("floats"));
            System.out.println("written");
        } catch (CheckpointException e) {
            System.out.println("refused: " + e.getMessage());
        }
        System.in.read();
    }

    static void write(Path folder, long step, int floats) {
        CheckpointFolder to = new CheckpointFolder(folder);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            new CheckpointWriter(to, new LocalGroup(1, Duration.ofSeconds(10)).communicator(0))
                    .write(
                            new Snapshot(
                                    step,
                                    1,
                                    Map.of(),
                                    Map.of("a", manager.ones(new Shape(floats))),
                                    Map.of()));
        }
    }
}
