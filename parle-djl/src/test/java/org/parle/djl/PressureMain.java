package org.parle.djl;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Many equal trainings under allocation pressure, in both doors: how many results there are. One
 * process, or one of two under mpirun.
 */
public final class PressureMain {

    private PressureMain() {}

    /** The argument is how many trainings there are in each door. */
    public static void main(String[] args) {
        int trainings = Integer.parseInt(args[0]);
        boolean right = count("plain", trainings, PressedNetwork::plain);
        right &= count("replicas", trainings, PressedNetwork::replicas);
        if (!right) {
            System.exit(1);
        }
    }

    private static boolean count(String door, int trainings, Function<Boolean, List<Float>> train) {
        List<Float> expected = train.apply(false);
        Set<List<Float>> results = new HashSet<>();
        int failed = 0;
        try (AllocationPressure pressure = new AllocationPressure()) {
            for (int i = 0; i < trainings && pressure.isOn(); i++) {
                try {
                    results.add(train.apply(true));
                } catch (RuntimeException e) {
                    failed++;
                }
            }
        }
        boolean right = failed == 0 && results.equals(Set.of(expected));
        System.out.println(
                right
                        ? line(door, trainings)
                        : String.format(
                                "%s: WRONG, %d results of %d trainings, %d failed",
                                door, results.size(), trainings, failed));
        return right;
    }

    static String line(String door, int trainings) {
        return door + ": 1 result of " + trainings + " trainings, that of one without pressure";
    }
}
