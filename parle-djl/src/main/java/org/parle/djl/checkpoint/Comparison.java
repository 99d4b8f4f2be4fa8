package org.parle.djl.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says in what a checkpoint's run and this one differ. */
final class Comparison {

    private static final int MOST_SHOWN = 3;

    private Comparison() {}

    /** Refuses a checkpoint whose run is not like this one; the order counts too. */
    static void requireEqual(String where, Map<String, String> theirs, Map<String, String> ours) {
        Set<String> names = new LinkedHashSet<>(theirs.keySet());
        names.addAll(ours.keySet());
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            String before = theirs.get(name);
            String now = ours.get(name);
            if (before == null) {
                differences.add("it has no " + name + ", and this run has " + now);
            } else if (now == null) {
                differences.add("it has " + name + " " + before + ", and this run has none");
            } else if (!before.equals(now)) {
                differences.add("it has " + name + " " + before + ", and this run has " + now);
            }
        }
        if (differences.isEmpty()
                && !List.copyOf(theirs.keySet()).equals(List.copyOf(ours.keySet()))) {
            differences.add("its parameters come in another order");
        }
        if (!differences.isEmpty()) {
            int more = differences.size() - MOST_SHOWN;
            throw new CheckpointException(
                    where
                            + "another run's: "
                            + String.join(
                                    "; ",
                                    differences.subList(
                                            0, Math.min(differences.size(), MOST_SHOWN)))
                            + (more > 0 ? "; and " + more + " more" : ""));
        }
    }
}
