package org.parle.djl;

import java.util.List;
import java.util.Map;

/** One process of {@link MpiFixtureTest}: every case with so many replicas. */
final class MpiFixtureMain {

    private MpiFixtureMain() {}

    public static void main(String[] args) {
        int replicas = Integer.parseInt(args[0]);
        List<Reference.Run> cases = FixtureTest.cases(run -> run.replicas == replicas);
        for (Reference.Run run : cases) {
            for (boolean askForReference : new boolean[] {true, false}) {
                Map<String, String> wrong = FixtureTest.follow(run, askForReference);
                if (!wrong.isEmpty()) {
                    throw new AssertionError(run + ": " + wrong);
                }
            }
        }
        System.out.println("followed " + cases.size() + " cases.");
    }
}
