package org.parle.djl.comm.mpi;

import com.sun.jna.Pointer;

import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Win;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory that all processes of a host read and write: one of MPI's shared-memory windows
 * (MPI_Win_allocate_shared, MPI 3.1, section 11.2.3), cut into lanes for communicators.
 */
final class MpiWindow {

    /** As many communicators at a time; others send messages. */
    private static final int LANES = 2;

    private static final Path MEMORY = Path.of("/dev/shm");

    private final MpiLane[] lanes = new MpiLane[LANES];

    // the window must be reachable as long as its memory is used
    @SuppressWarnings("unused")
    private final Win win;

    private int free = (1 << LANES) - 1;

    private MpiWindow(Win win, long base, Intracomm comm) throws MPIException {
        this.win = win;
        int rank = comm.getRank();
        int size = comm.getSize();
        // the ranks' parts lie one behind the other, each a whole number of lines
        long start = MpiLane.wholeLines(base);
        for (int lane = 0; lane < LANES; lane++) {
            ByteBuffer[] segments = new ByteBuffer[size];
            for (int of = 0; of < size; of++) {
                long offset = (long) (of - rank) * bytes(size) + (long) lane * MpiLane.bytes(size);
                segments[of] = new Pointer(start + offset).getByteBuffer(0, MpiLane.bytes(size));
            }
            lanes[lane] = new MpiLane(lane, rank, segments);
        }
    }

    /** Returns how many bytes of each of so many ranks a window takes. */
    private static int bytes(int size) {
        // MPI begins it anywhere in a line
        return LANES * MpiLane.bytes(size) + MpiLane.LINE;
    }

    /**
     * Returns a window of all processes of a job; null where there is none. Collective.
     *
     * @param localSize how many of them are on this host
     */
    static MpiWindow create(Intracomm comm, int localSize) throws MPIException {
        int size = comm.getSize();
        if (size == 1 || size != localSize) {
            return null;
        }
        int bytes = bytes(size);
        // MPI leaves the others waiting where the first one, which makes it, has no room for it
        int[] room = {hasRoom((long) size * bytes) ? 1 : 0};
        comm.bcast(room, 1, MPI.INT, 0);
        if (room[0] == 0) {
            return null;
        }
        ByteBuffer base = MPI.newByteBuffer(Long.BYTES);
        Win win = allocate(bytes, comm, base);
        if (win != null) {
            // not only the flags: this takes all pages now, while there is room
            new Pointer(base.getLong(0)).clear(bytes);
        }
        int[] made = {win == null ? 0 : 1};
        comm.allReduce(made, 1, MPI.INT, MPI.MIN);
        return made[0] == 0 ? null : new MpiWindow(win, base.getLong(0), comm);
    }

    /** Returns null where this Open MPI has no such windows. */
    private static Win allocate(int bytes, Intracomm comm, ByteBuffer base) {
        try {
            return new Win(bytes, 1, MPI.INFO_NULL, comm, base, Win.FLAVOR_SHARED);
        } catch (MPIException e) {
            return null;
        }
    }

    private static boolean hasRoom(long bytes) {
        Path folder =
                Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        return folder.toFile().getUsableSpace() > 2 * bytes;
    }

    /** Returns the lanes that are free here, a bit for each. */
    synchronized int free() {
        return free;
    }

    /** Takes the first of those that all ranks have free; null for none. */
    synchronized MpiLane take(int all) {
        int first = Integer.lowestOneBit(all);
        free &= ~first;
        return first == 0 ? null : lanes[Integer.numberOfTrailingZeros(first)];
    }

    /** Takes a lane back whose communicator has ended. */
    synchronized void release(MpiLane lane) {
        free |= 1 << lane.index();
    }
}
