package org.example;

import org.parle.djl.comm.CommunicationException;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** One rank's connections: rank 0 has one to each other, they have one to rank 0. */
final class StarLinks {

    private final int rank;
    private final Socket[] sockets;
    private volatile long sent;
    private volatile long received;
    private volatile int waitingFor;

    StarLinks(int rank, int size, int port, Duration timeout) {
        this.rank = rank;
        sockets = new Socket[size];
        try {
            if (rank == 0) {
                listen(port, timeout);
            } else {
                join(port, timeout);
            }
        } catch (IOException e) {
            throw new CommunicationException("no connection at port " + port, e);
        }
    }

    private void listen(int port, Duration timeout) throws IOException {
        try (ServerSocket server = new ServerSocket(port)) {
            server.setSoTimeout(Math.toIntExact(timeout.toMillis()));
            for (int i = 1; i < sockets.length; i++) {
                Socket socket = server.accept();
                sockets[new DataInputStream(socket.getInputStream()).readInt()] = socket;
            }
        } catch (SocketTimeoutException e) {
            throw new CommunicationException("not all ranks have come to port " + port, e);
        }
    }

    private void join(int port, Duration timeout) throws IOException {
        long begin = System.nanoTime();
        while (sockets[0] == null) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(System.getProperty("star.host"), port));
                sockets[0] = socket;
            } catch (IOException e) {
                socket.close();
                if (System.nanoTime() - begin > timeout.toNanos()) {
                    throw new CommunicationException("rank 0 does not listen at " + port, e);
                }
                // it has not come so far yet
                Thread.onSpinWait();
            }
        }
        new DataOutputStream(sockets[0].getOutputStream()).writeInt(rank);
    }

    /** The one call that all others are made of: everybody's bytes, in rank order. */
    byte[][] gather(byte[] own) throws IOException {
        byte[][] all = new byte[sockets.length][];
        all[rank] = own;
        if (rank > 0) {
            write(0, own);
            for (int from = 0; from < sockets.length; from++) {
                all[from] = from == rank ? own : read(0);
            }
            return all;
        }
        for (int from = 1; from < sockets.length; from++) {
            all[from] = read(from);
        }
        for (int to = 1; to < sockets.length; to++) {
            for (int from = 0; from < sockets.length; from++) {
                if (from != to) {
                    write(to, all[from]);
                }
            }
        }
        return all;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by the thread of the calls only
    private void write(int to, byte[] bytes) throws IOException {
        waitingFor = to;
        DataOutputStream out = new DataOutputStream(sockets[to].getOutputStream());
        out.writeInt(bytes.length);
        out.write(bytes);
        sent += bytes.length;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by the thread of the calls only
    private byte[] read(int from) throws IOException {
        waitingFor = from;
        DataInputStream in = new DataInputStream(sockets[from].getInputStream());
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        received += bytes.length;
        return bytes;
    }

    long sent() {
        return sent;
    }

    long received() {
        return received;
    }

    int waitingFor() {
        return waitingFor;
    }

    void close() {
        for (Socket socket : sockets) {
            if (socket != null) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new CommunicationException("cannot close a connection", e);
                }
            }
        }
    }
}
