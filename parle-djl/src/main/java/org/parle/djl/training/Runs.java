package org.parle.djl.training;

import ai.djl.training.Trainer;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/** Which run belongs to which trainer. Safe for any threads. */
public final class Runs {

    /** A run does not hold its trainer, so one that nobody closed can go. */
    private static final Map<Trainer, Run> ALL = Collections.synchronizedMap(new WeakHashMap<>());

    private Runs() {}

    /**
     * Notes a trainer's run.
     *
     * @param trainer any
     * @param run its run
     */
    public static void put(Trainer trainer, Run run) {
        ALL.put(trainer, run);
    }

    /**
     * Returns a trainer's run.
     *
     * @param trainer any
     * @return null if it couples no replicas
     */
    public static Run of(Trainer trainer) {
        return ALL.get(trainer);
    }
}
