package org.parle.djl.comm.mpi;

import com.sun.jna.Function;

import org.slf4j.LoggerFactory;

import java.util.Collections;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** How this process ends where the JVM's own way is not safe, and what it prints before. */
final class MpiExit {

    // looked up at the begin: at the end nothing should have to be loaded
    private static final Function EXIT = Function.getFunction("c", "_exit");

    /** A log may be stuck as well. */
    private static final long LOGS_NANOS = 2_000_000_000;

    private static final long PAUSE_NANOS = 1_000_000;

    private MpiExit() {}

    /** Writes what the logs hold that are there: their hooks will not run. */
    private static void endLogs() {
        invoke("org.apache.logging.log4j.LogManager", "shutdown", null);
        Object factory = LoggerFactory.getILoggerFactory();
        invoke("ch.qos.logback.classic.LoggerContext", "stop", factory);
        flushJavas();
    }

    /** Not the reset that its hook makes: that closes what lines go to, which may be System.err. */
    private static void flushJavas() {
        LogManager manager = LogManager.getLogManager();
        for (String name : Collections.list(manager.getLoggerNames())) {
            Logger logger = manager.getLogger(name);
            if (logger != null) {
                Stream.of(logger.getHandlers()).forEach(Handler::flush);
            }
        }
    }

    private static void invoke(String type, String method, Object of) {
        try {
            Class<?> found = Class.forName(type);
            if (of == null || found.isInstance(of)) {
                found.getMethod(method).invoke(of);
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            // not there, or another version
            System.err.flush();
        }
    }

    /** Writes all lines that wait in a buffer; what is logged from now on may be lost. */
    static void flush() {
        Thread logs = new Thread(MpiExit::endLogs, "parle-mpi-logs");
        logs.setDaemon(true);
        logs.start();
        long end = System.nanoTime() + LOGS_NANOS;
        // not join: whoever ends the job may have been interrupted
        while (logs.isAlive() && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        System.out.flush();
        System.err.flush();
    }

    /** Prints why this rank ends the job, behind all log lines. */
    static void say(String rank, Object reason) {
        flush();
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
