package org.parle.djl.comm.mpi;

import mpi.MPIException;

/** What a call does between its begin and its end, bit by bit; all under the one lock. */
@FunctionalInterface
interface MpiWork {

    /** What came of going on. */
    enum Progress {
        /** Nothing: another rank has to do something first. */
        NONE,
        /** Something, and there may be more to do at once. */
        SOME,
        /** The end. */
        DONE
    }

    /** Goes on with what can be done without waiting. */
    Progress advance() throws MPIException;
}
