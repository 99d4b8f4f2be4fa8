package org.parle.djl.checkpoint;

import org.parle.djl.comm.Communicator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Does a piece of work on all ranks; where it fails on one, it fails on all. */
final class Together {

    private static final char DONE = '+';
    private static final char FAILED = '-';

    private Together() {}

    /** What a rank does by itself. */
    @FunctionalInterface
    interface Work {

        /** Returns what the others should know. */
        String run() throws IOException;
    }

    /**
     * Does this rank's work and returns what all found, in rank order. Collective.
     *
     * @throws CheckpointException on every rank, if one of them failed
     */
    static List<String> run(Communicator bodies, Work work) {
        RuntimeException failure = null;
        String message;
        try {
            message = DONE + work.run();
        } catch (IOException | UncheckedIOException e) {
            failure = new CheckpointException(e.toString(), e);
            message = FAILED + failure.getMessage();
        } catch (CheckpointException e) {
            failure = e;
            message = FAILED + e.getMessage();
        }
        ByteBuffer own = ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8));
        List<String> all = new ArrayList<>();
        String theirs = null;
        for (ByteBuffer one : bodies.allGather(own).await()) {
            String text = StandardCharsets.UTF_8.decode(one.duplicate()).toString();
            if (text.charAt(0) == FAILED && theirs == null) {
                theirs = text.substring(1);
            }
            all.add(text.substring(1));
        }
        if (failure != null) {
            throw failure;
        }
        if (theirs != null) {
            throw new CheckpointException(theirs);
        }
        return all;
    }
}
