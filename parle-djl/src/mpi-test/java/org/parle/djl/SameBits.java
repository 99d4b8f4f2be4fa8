package org.parle.djl;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Trains with every optimizer, 20 steps, a network that draws nothing but its start. */
final class SameBits {

    static final int REPLICAS = 3;

    private static final int EPOCHS = 4;
    private static final int LEAVE_AFTER = 12;

    private SameBits() {}

    /** The replicas of this process: each prints what it ends with. */
    public static void main(String[] args) throws Exception {
        Path folder = args.length == 0 ? null : Path.of(args[0]);
        for (String optimizer : optimizers()) {
            Map<Integer, String> ends = train(optimizer, folder);
            ends.forEach((rank, end) -> System.out.println(line(optimizer, rank, end)));
        }
    }

    static String line(String optimizer, int rank, String end) {
        return "end of " + optimizer + " " + rank + " " + end;
    }

    static List<String> optimizers() {
        List<String> names = new ArrayList<>(Optimizer.providers().keySet());
        // of one replica only
        names.remove("entropy-sgd");
        return names;
    }

    /**
     * Trains.
     *
     * @param optimizer its name
     * @param folder where to leave the run and to resume it from; null for a run without a stop
     * @return SHA-256 of all that each replica of this process ends with, by rank
     */
    static Map<Integer, String> train(String optimizer, Path folder) throws Exception {
        ResumableRun run = new ResumableRun();
        run.replicas = REPLICAS;
        run.epochs = EPOCHS;
        run.drawnStart = true;
        run.optimizer =
                () -> {
                    ReplicaOptimizer.Builder builder =
                            Optimizer.named(optimizer).setLearningRateTracker(k -> 0.02f);
                    boolean rounds =
                            Optimizer.providers().get(optimizer).options().stream()
                                    .anyMatch(option -> option.name().equals("syncEvery"));
                    return (rounds ? builder.opt("syncEvery", 4) : builder).build();
                };
        Map<Integer, float[]> ends;
        if (folder == null) {
            ends = run.train();
        } else {
            run.trainAndLeave(folder.resolve(optimizer), LEAVE_AFTER);
            ends = run.resume(folder.resolve(optimizer));
        }
        Map<Integer, String> hashes = new TreeMap<>();
        for (Map.Entry<Integer, float[]> end : ends.entrySet()) {
            hashes.put(end.getKey(), hash(end.getValue()));
        }
        return hashes;
    }

    private static String hash(float[] values) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    }
}
