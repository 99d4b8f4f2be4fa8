package org.parle.djl.job;

import org.parle.djl.comm.CommunicationException;

import java.util.HashMap;
import java.util.Map;

/**
 * Which step the bodies of this process have begun in their trainers of one number, and which of
 * them have closed it. Thread-safe.
 */
final class TrainerSteps {

    private final Map<Integer, Long> begun = new HashMap<>();
    private final Map<Integer, Long> closed = new HashMap<>();

    /** Notes that a body begins a step, and looks whether another has closed before. */
    synchronized void begins(int body, long step) {
        begun.put(body, step);
        look(body, step);
    }

    /** Looks whether another has closed before a step. */
    synchronized void look(int body, long step) {
        closed.forEach((other, steps) -> require(other, steps, body, step));
    }

    /** Notes that a body closes after so many steps, and looks whether another is at the next. */
    synchronized void closes(int body, long steps) {
        closed.put(body, steps);
        begun.forEach((other, step) -> require(body, steps, other, step));
    }

    private static void require(int closed, long steps, int other, long step) {
        if (steps < step) {
            throw new CommunicationException(closed(closed, steps, other));
        }
    }

    /** Says that a body has closed its trainer after so many steps, and another goes on. */
    static String closed(int other, long steps, int body) {
        return "replica "
                + other
                + " closed its trainer after step "
                + steps
                + ", and replica "
                + body
                + " goes on. Has it failed, or has it less data?";
    }
}
