package org.parle.djl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** One process that follows cases of the fixture, alone or with others under mpirun. */
final class FixtureMain {

    /** Under pressure, a short case for each optimizer. */
    static final String SOME = "some";

    /** Under pressure, every case. */
    static final String ALL = "all";

    private static final int SHORT = 20;

    private FixtureMain() {}

    /**
     * The arguments are how many processes there are, how many replicas a case has (or {@code
     * any}), and {@code calm}, {@code some} or {@code all}.
     */
    public static void main(String[] args) {
        int processes = Integer.parseInt(args[0]);
        for (FixtureWay way : FixtureWay.values()) {
            List<Reference.Run> cases = cases(way, processes, args[1], args[2]);
            if (!cases.isEmpty()) {
                List<Trace> calm = follow(way, cases);
                if (args[2].equals(SOME) || args[2].equals(ALL)) {
                    underPressure(way, cases, calm);
                }
                System.out.println(line(way, cases, args[2]));
            }
        }
    }

    static String line(FixtureWay way, List<Reference.Run> cases, String mode) {
        boolean pressed = mode.equals(SOME) || mode.equals(ALL);
        String how = pressed ? " cases under pressure, bit by bit as without it" : " cases";
        return way + " followed " + cases.size() + how;
    }

    static List<Reference.Run> cases(FixtureWay way, int processes, String replicas, String mode) {
        Set<String> optimizers = new HashSet<>();
        Predicate<Reference.Run> wanted =
                run -> replicas.equals("any") || replicas.equals(String.valueOf(run.replicas));
        Predicate<Reference.Run> one =
                run -> !mode.equals(SOME) || (run.steps <= SHORT && optimizers.add(run.optimizer));
        return Reference.runs(wanted.and(run -> way.takes(run, processes)).and(one));
    }

    private static List<Trace> follow(FixtureWay way, List<Reference.Run> cases) {
        List<Trace> traces = new ArrayList<>();
        for (Reference.Run run : cases) {
            Trace trace = way.follow(run);
            if (trace.wrong() != null) {
                throw new AssertionError(way + ", " + run + ": " + trace.wrong());
            }
            traces.add(trace);
        }
        return traces;
    }

    private static void underPressure(FixtureWay way, List<Reference.Run> cases, List<Trace> calm) {
        try (AllocationPressure pressure = new AllocationPressure()) {
            List<Trace> pressed = follow(way, cases);
            for (int i = 0; i < calm.size(); i++) {
                String difference = pressed.get(i).difference(calm.get(i));
                if (difference != null) {
                    throw new AssertionError(way + ", " + cases.get(i) + ": " + difference);
                }
            }
            if (!pressure.isOn()) {
                throw new AssertionError("the pressure has ended");
            }
        }
    }
}
