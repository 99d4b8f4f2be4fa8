package org.parle.djl.examples.run;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.util.Pair;

import org.parle.djl.examples.network.Models;
import org.parle.djl.examples.option.TrainOptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What replicas need at the least, and what this machine has for them. */
public final class Capacity {

    /** Fewer fit wherever one does, nearly. */
    private static final int FEW = 16;

    /** The JVM's, PyTorch's and our own, besides one for each replica. */
    private static final int OTHER_THREADS = 100;

    /** Weights, their gradient, the model's own arrays, and one that every algorithm has. */
    private static final int VECTORS = 4;

    private static final double GIGA = 1e9;

    private Capacity() {}

    /**
     * Refuses more replicas than this machine can have. May draw from the engine's generator.
     *
     * @param options of the run
     * @param here how many replicas this process is to run
     * @throws IllegalArgumentException if they need more threads or memory than there are
     */
    public static void require(TrainOptions options, int here) throws IOException {
        if (here <= FEW) {
            return;
        }
        long weights = weights(options);
        long each = VECTORS * Float.BYTES * weights;
        long threads = threads();
        // on a GPU they lie in its memory
        boolean onCpu = options.devices == null || options.devices[0].equals("cpu");
        long memory = onCpu ? memory() : Long.MAX_VALUE;
        long most = Math.min(threads - OTHER_THREADS, memory / each);
        if (here > most) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "%d replicas need at least %d threads and %.1f GB (each a thread, and"
                                    + " %.1f MB for %d vectors of %d weights), and this process may"
                                    + " have %s threads and %s: take at most %d, or more machines",
                            here,
                            (long) here + OTHER_THREADS,
                            here * (double) each / GIGA,
                            each / 1e6,
                            VECTORS,
                            weights,
                            threads == Long.MAX_VALUE ? "any number of" : threads,
                            memory == Long.MAX_VALUE
                                    ? "any memory"
                                    : String.format(Locale.ROOT, "%.1f GB", memory / GIGA),
                            Math.max(1, most)));
        }
    }

    private static long weights(TrainOptions options) throws IOException {
        Shape input = options.data.input();
        Block block =
                Models.block(options.model, options.data.dataset, input, options.data.classes());
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(input));
            return block.getParameters().stream()
                    .map(Pair::getValue)
                    .mapToLong(parameter -> parameter.getArray().size())
                    .sum();
        }
    }

    /** Returns how many threads Linux lets this process have; elsewhere nobody says. */
    private static long threads() {
        long most = number("/proc/sys/kernel/threads-max", "(\\d+)");
        most = Math.min(most, number("/proc/self/limits", "Max processes +(\\d+)"));
        most = Math.min(most, number("/sys/fs/cgroup/pids.max", "(\\d+)"));
        // a thread's stack and its guard are two mappings
        long mappings = number("/proc/sys/vm/max_map_count", "(\\d+)");
        return Math.min(most, mappings == Long.MAX_VALUE ? mappings : mappings / 2);
    }

    /** Returns the bytes of memory that are free, or could be. */
    private static long memory() {
        long free = number("/proc/meminfo", "MemAvailable: +(\\d+) kB");
        return Math.min(
                free == Long.MAX_VALUE ? free : free * 1024,
                number("/sys/fs/cgroup/memory.max", "(\\d+)"));
    }

    /** Returns a number in a file, the greatest where there is none. */
    private static long number(String file, String pattern) {
        try {
            // at once: what the kernel makes up ends after the first read
            String text = String.join("\n", Files.readAllLines(Path.of(file)));
            Matcher matcher = Pattern.compile(pattern).matcher(text);
            return matcher.find() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
        } catch (IOException | NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
