package org.parle.djl.comm.mpi;

import java.time.Duration;

/** How long other ranks may take where no communicator's timeout says so: system properties. */
final class MpiLimits {

    private static final String CONNECT = "parle.mpi.connect.seconds";
    private static final String SILENCE = "parle.mpi.silence.seconds";
    private static final int DEFAULT = 60;

    private MpiLimits() {}

    /** Returns the time from a rank's start of MPI until all are in. */
    static Duration connect() {
        return seconds(CONNECT);
    }

    /** Returns how long a rank may leave a question without an answer, or the end of MPI last. */
    static Duration silence() {
        return seconds(SILENCE);
    }

    private static Duration seconds(String property) {
        String value = System.getProperty(property, String.valueOf(DEFAULT));
        if (!value.matches("[1-9][0-9]{0,6}")) {
            throw new IllegalArgumentException(
                    property + " is a whole number of seconds, at least 1, not " + value);
        }
        return Duration.ofSeconds(Integer.parseInt(value));
    }
}
