package org.parle.djl.checkpoint;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Says from time to time how much of a file has been read or written, if that takes long. */
final class Passage {

    private static final Logger LOGGER = LoggerFactory.getLogger(Passage.class);

    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final double MEBI = 1 << 20;

    private final String doing;
    private final Path file;
    private final long total;
    private long done;
    private long last = System.nanoTime();

    /**
     * Begins.
     *
     * @param doing in words: "reading"
     * @param total how many bytes there will be
     */
    Passage(String doing, Path file, long total) {
        this.doing = doing;
        this.file = file;
        this.total = total;
    }

    /** Notes that so many bytes more have passed. */
    void add(long bytes) {
        done += bytes;
        long now = System.nanoTime();
        if (now - last > EVERY_NANOS) {
            last = now;
            LOGGER.info(
                    "{} {}: {} of {} MiB",
                    doing,
                    file,
                    Math.round(done / MEBI),
                    Math.round(total / MEBI));
        }
    }
}
