package org.parle.djl.schedule;

import ai.djl.training.tracker.MultiFactorTracker;
import ai.djl.training.tracker.Tracker;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Trackers that keep count of what they are asked, as DJL's {@link MultiFactorTracker} does: they
 * are right for one optimizer only, asked for one step after the other. Thread-safe.
 */
public final class Counting {

    private static final String DJL = Tracker.class.getPackageName();
    private static final String ATOMIC = "java.util.concurrent.atomic";

    private static final Set<Tracker> TAKEN =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private Counting() {}

    /**
     * Takes a tracker for one optimizer. Those that count nothing may be taken again.
     *
     * @param tracker the optimizer's
     * @throws IllegalArgumentException if it counts, and another optimizer has it
     */
    public static void take(Tracker tracker) {
        if (counts(tracker) && !TAKEN.add(tracker)) {
            throw new IllegalArgumentException(
                    "a tracker of "
                            + tracker.getClass().getSimpleName()
                            + " counts what it is asked, and another optimizer asks this one: make"
                            + " one for each optimizer, inside the body, or take one that is a"
                            + " function of the step, as LearningRates.steps(0.1, 0.1, 1000, 2000)"
                            + " is");
        }
    }

    /**
     * Refuses a tracker that counts where it would be asked for other steps than those taken.
     *
     * @param tracker that another is made of
     */
    static void refuse(Tracker tracker) {
        if (counts(tracker)) {
            throw new IllegalArgumentException(
                    "a tracker of "
                            + tracker.getClass().getSimpleName()
                            + " counts what it is asked, and so cannot be asked for its rate in"
                            + " advance: take one that is a function of the step, as"
                            + " LearningRates.steps(0.1, 0.1, 1000, 2000) is");
        }
    }

    /** Whether a tracker, or one that it holds, has state that changes. */
    private static boolean counts(Tracker tracker) {
        if (tracker instanceof MultiFactorTracker) {
            return true;
        }
        for (Class<?> type = tracker.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && counts(tracker, field)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean counts(Tracker tracker, Field field) {
        if (Tracker.class.isAssignableFrom(field.getType())) {
            Tracker inner = value(tracker, field);
            return inner != null && inner != tracker && counts(inner);
        }
        // DJL's own are not final, and do not change
        boolean constant =
                Modifier.isFinal(field.getModifiers())
                        || field.getDeclaringClass().getPackageName().equals(DJL);
        return !constant || field.getType().getPackageName().equals(ATOMIC);
    }

    private static Tracker value(Tracker tracker, Field field) {
        try {
            field.setAccessible(true);
            return (Tracker) field.get(tracker);
        } catch (IllegalAccessException | RuntimeException e) {
            // what cannot be seen is taken to be constant
            return null;
        }
    }
}
