package org.parle.djl.examples.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.LocalGroup;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The all-reduce of two replicas in one JVM, against one copy of a vector of the same length. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class AllReduceBenchmark {

    /** LeNet's length, and ten million. */
    @Param({"132220", "10000000"})
    public int floats;

    private NDManager manager;
    private Communicator communicator;
    private NDArray vector;
    private ByteBuffer from;
    private ByteBuffer to;
    private Thread partner;

    /** Creates the benchmark; JMH does. */
    public AllReduceBenchmark() {}

    /** Makes a group of two; the other replica answers every call on a thread of its own. */
    @Setup
    public void open() {
        manager = NDManager.newBaseManager(Device.cpu());
        LocalGroup group = new LocalGroup(2, Duration.ofMinutes(10));
        communicator = group.communicator(0);
        vector = manager.ones(new Shape(floats));
        from = ByteBuffer.allocateDirect(Float.BYTES * floats);
        to = ByteBuffer.allocateDirect(Float.BYTES * floats);
        NDArray other = manager.ones(new Shape(floats));
        partner = new Thread(() -> answer(group.communicator(1), other), "partner");
        partner.start();
    }

    private static void answer(Communicator communicator, NDArray vector) {
        try {
            while (true) {
                communicator.allReduceMean(vector).await();
            }
        } catch (CommunicationException e) {
            communicator.close();
        }
    }

    /**
     * The mean of two vectors, in place.
     *
     * @return the vector
     */
    @Benchmark
    public NDArray allReduce() {
        communicator.allReduceMean(vector).await();
        return vector;
    }

    /**
     * One copy, by one thread.
     *
     * @return the copy
     */
    @Benchmark
    public ByteBuffer copy() {
        return to.put(0, from, 0, from.capacity());
    }

    /**
     * Ends the partner and frees the vectors.
     *
     * @throws InterruptedException if the wait for the partner is interrupted
     */
    @TearDown
    public void close() throws InterruptedException {
        communicator.abort(new IllegalStateException("the benchmark is over"));
        partner.join();
        communicator.close();
        manager.close();
    }
}
