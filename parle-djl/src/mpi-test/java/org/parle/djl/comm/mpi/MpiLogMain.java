package org.parle.djl.comm.mpi;

import org.parle.djl.comm.Communicator;
import org.slf4j.LoggerFactory;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/** One process of {@link MpiLogTest}: rank 1 fails while rank 0 waits for it. */
final class MpiLogMain {

    // a logger that nobody holds is forgotten, with its handlers
    private static final Logger LOGGER = Logger.getLogger("parle.test");

    private MpiLogMain() {}

    public static void main(String[] args) throws IOException {
        Communicator own = new MpiCommunicator(Duration.ofSeconds(60));
        LOGGER.setUseParentHandlers(false);
        Path file = Path.of(args[0], "java." + own.rank());
        LOGGER.addHandler(handler(new BufferedOutputStream(Files.newOutputStream(file))));
        if (args[1].equals("throw")) {
            // Java's log closes it where a JVM ends by itself
            LOGGER.addHandler(handler(System.err));
        }
        LOGGER.warning("last words of rank " + own.rank());
        LoggerFactory.getLogger(MpiLogMain.class).warn("last words of rank {}", own.rank());
        own.barrier().await();
        if (own.rank() == 0) {
            own.barrier().await();
        } else if (args[1].equals("throw")) {
            throw new IllegalStateException("no more data");
        }
    }

    private static Handler handler(OutputStream stream) {
        Formatter lines =
                new Formatter() {
                    @Override
                    public String format(LogRecord line) {
                        return line.getMessage() + "\n";
                    }
                };
        return new StreamHandler(stream, lines);
    }
}
