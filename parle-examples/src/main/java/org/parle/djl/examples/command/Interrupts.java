package org.parle.djl.examples.command;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl+C and SIGTERM: the first asks to stop, the second ends the JVM at once.
 *
 * <p>A shutdown hook could not tell the second from the first, so this needs the JDK's signals,
 * which are there but not part of Java: by reflection, and without them Ctrl+C ends the JVM as
 * ever.
 */
final class Interrupts {

    static final int INTERRUPTED = 130;

    private Interrupts() {}

    static void onFirst(Runnable stop) {
        AtomicBoolean asked = new AtomicBoolean();
        Runnable handler =
                () -> {
                    if (asked.getAndSet(true)) {
                        Runtime.getRuntime().halt(INTERRUPTED);
                    }
                    // the cursor may stand behind a bar
                    String newLine = Boolean.getBoolean("parle.terminal") ? "\n" : "";
                    System.err.println(
                            newLine + "parle: stopping after this step; once more to end at once");
                    stop.run();
                };
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
            for (String name : new String[] {"INT", "TERM"}) {
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException e) {
            System.err.println("parle: Ctrl+C will end the run at once: " + e);
        }
    }
}
