package org.parle.djl.monitor;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/** One file format of a log. */
interface RowWriter extends Closeable {

    /** Writes a row; whoever reads the file then finds it there. */
    void write(Row row) throws IOException;

    /** Notes that the run came to its end. */
    default void end(Map<String, Double> results) throws IOException {}
}
