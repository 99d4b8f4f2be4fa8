package org.parle.djl.examples.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.parle.djl.compress.Compressors;
import org.parle.djl.compress.Draws;
import org.parle.djl.compress.MessageCodec;
import org.parle.djl.vector.Vectors;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Packing a vector of normal numbers, and adding what a message says, against one copy of the
 * vector. The compressors have their default options.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class CompressBenchmark {

    /** LeNet's length, and ten million; in one tensor. */
    @Param({"132220", "10000000"})
    public int floats;

    /** The compressor. */
    @Param({"none", "sign", "top-k", "random-k", "qsgd"})
    public String compressor;

    private NDManager manager;
    private MessageCodec codec;
    private NDArray values;
    private NDArray u;
    private NDArray y;
    private ByteBuffer message;
    private long step;

    /** Creates the benchmark; JMH does. */
    public CompressBenchmark() {}

    /** Makes the vectors and one message. */
    @Setup
    public void open() {
        manager = NDManager.newBaseManager(Device.cpu());
        Random random = new Random(1);
        float[] normal = new float[floats];
        for (int i = 0; i < floats; i++) {
            normal[i] = (float) random.nextGaussian();
        }
        values = manager.create(normal);
        u = manager.create(normal);
        y = manager.zeros(new Shape(floats));
        codec =
                new MessageCodec(
                        Compressors.named(compressor, Map.of()),
                        new int[] {floats},
                        Draws.seeded(1));
        message = codec.compress(u, 0, 0);
    }

    /** Makes anew what was replaced by Q(u). */
    @Setup(Level.Invocation)
    public void refill() {
        Vectors.copy(values, u);
    }

    /**
     * Packs the vector.
     *
     * @return the message
     */
    @Benchmark
    public ByteBuffer compress() {
        return codec.compress(u, 0, ++step);
    }

    /**
     * Adds half of what the message says.
     *
     * @return the vector
     */
    @Benchmark
    public NDArray add() {
        codec.add(message, 0, 0, 0.5, y);
        return y;
    }

    /**
     * One copy.
     *
     * @return the copy
     */
    @Benchmark
    public NDArray copy() {
        Vectors.copy(values, u);
        return u;
    }

    /** Frees the vectors. */
    @TearDown
    public void close() {
        codec.close();
        manager.close();
    }
}
