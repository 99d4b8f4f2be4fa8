package org.parle.djl.comm.mpi;

import com.sun.jna.Function;

/** How this process ends where the JVM's own way is not safe, and what it prints before. */
final class MpiExit {

    // looked up at the begin: at the end nothing should have to be loaded
    private static final Function EXIT = Function.getFunction("c", "_exit");

    private MpiExit() {}

    /** Prints why this rank ends the job. */
    static void say(String rank, Object reason) {
        System.out.flush();
        System.err.println("parle: " + rank + " ends the job: " + reason);
        System.err.flush();
    }

    /**
     * Ends this process at once. MPI's abort, and the JVM's halt, run the destructors of native
     * libraries, while other threads may be computing in them.
     */
    static void now(int status) {
        EXIT.invokeVoid(new Object[] {status});
    }

    /** Has the JVM, which is about to end, end as {@link #now} does, with its own status. */
    static void withoutDestructors() {
        try {
            Function.getFunction("c", "fflush").invokeInt(new Object[] {null});
            // glibc calls what was registered last first, with the status: nothing comes after it
            Function.getFunction("c", "on_exit").invokeInt(new Object[] {EXIT, null});
        } catch (UnsatisfiedLinkError e) {
            // another C library: threads that compute are then a risk as in every JVM
            System.err.flush();
        }
    }
}
