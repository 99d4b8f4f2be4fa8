package org.parle.djl.examples.command;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl+C and SIGTERM: the first asks to stop, the second ends the JVM at once.
 *
 * <p>{@code parle-mpi} has mpirun pass them on to the ranks as SIGUSR1 and SIGUSR2, since mpirun
 * kills its ranks soon after the real ones. Such a signal may follow a real one that a scheduler
 * sent to everybody, so it is never the second.
 *
 * <p>A shutdown hook could not tell the second from the first, so this needs the JDK's signals,
 * which are there but not part of Java: by reflection, and without them Ctrl+C ends the JVM as
 * ever.
 */
final class Interrupts {

    /** The exit code after Ctrl+C. */
    static final int INTERRUPTED = 130;

    /** The exit code after SIGTERM. */
    static final int TERMINATED = 143;

    private static final Map<String, Integer> CODES =
            Map.of("INT", INTERRUPTED, "TERM", TERMINATED);

    private static final Map<String, Integer> PASSED_ON =
            Map.of("USR1", INTERRUPTED, "USR2", TERMINATED);

    private final Runnable stop;
    private final AtomicBoolean real = new AtomicBoolean();
    private int code;

    private Interrupts(Runnable stop) {
        this.stop = stop;
    }

    /**
     * Watches for signals from now on, in the place of who did before.
     *
     * @param inJob whether this is one of several processes, which have one launcher
     * @param speaks whether this process says that it stops
     * @param stop what the first signal does, once
     */
    static Interrupts watch(boolean inJob, boolean speaks, Runnable stop) {
        Interrupts interrupts =
                new Interrupts(
                        () -> {
                            if (speaks) {
                                // the cursor may stand behind a bar
                                String newLine = Boolean.getBoolean("parle.terminal") ? "\n" : "";
                                System.err.println(
                                        newLine
                                                + "parle: stopping after this step; once more to"
                                                + " end at once");
                            }
                            stop.run();
                        });
        try {
            CODES.forEach(
                    (name, code) ->
                            handle(
                                    name,
                                    () -> {
                                        if (interrupts.real.getAndSet(true)) {
                                            Runtime.getRuntime().halt(code);
                                        }
                                        interrupts.first(code);
                                    }));
            if (inJob) {
                PASSED_ON.forEach((name, code) -> handle(name, () -> interrupts.first(code)));
            }
        } catch (IllegalStateException e) {
            System.err.println("parle: Ctrl+C will end the run at once: " + e.getCause());
        }
        return interrupts;
    }

    private void first(int signal) {
        synchronized (this) {
            if (code != 0) {
                return;
            }
            code = signal;
        }
        stop.run();
    }

    /** Returns the exit code of a run that a signal stopped: Ctrl+C's where it was none. */
    synchronized int code() {
        return code == 0 ? INTERRUPTED : code;
    }

    private static void handle(String name, Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handlerType);
            Object proxy =
                    Proxy.newProxyInstance(
                            Interrupts.class.getClassLoader(),
                            new Class<?>[] {handlerType},
                            (self, method, args) -> {
                                if ("handle".equals(method.getName())) {
                                    handler.run();
                                }
                                return null;
                            });
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
