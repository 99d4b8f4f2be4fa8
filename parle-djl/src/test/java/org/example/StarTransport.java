package org.example;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.CommunicatorProvider;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A transport over TCP: all talk to rank 0, which passes everything on. Each process is started
 * with {@code -Dstar.rank=0 -Dstar.size=2 -Dstar.host=localhost -Dstar.port=7000}.
 */
public final class StarTransport implements CommunicatorProvider {

    private final AtomicInteger connected = new AtomicInteger();

    @Override
    public String name() {
        return "star";
    }

    @Override
    public boolean launched() {
        return Integer.getInteger("star.size", 1) > 1;
    }

    @Override
    public Communicator connect(Duration timeout) {
        // every communicator has connections of its own
        int port = Integer.getInteger("star.port") + connected.getAndIncrement();
        return new StarCommunicator(localRank(), localSize(), port, timeout);
    }

    @Override
    public int localRank() {
        return Integer.getInteger("star.rank");
    }

    @Override
    public int localSize() {
        return Integer.getInteger("star.size");
    }
}
