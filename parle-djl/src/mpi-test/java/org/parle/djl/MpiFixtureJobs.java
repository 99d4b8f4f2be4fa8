package org.parle.djl;

import org.parle.djl.MpiJob.Means;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The jobs that follow the fixture between processes. */
final class MpiFixtureJobs {

    private MpiFixtureJobs() {}

    /** How means go in a job, how many processes it has, and how many replicas. */
    record Job(Means means, int processes, int replicas) {}

    /** Returns each number of replicas in as many processes up to four, and four in two. */
    static List<Job> all() {
        List<Job> jobs = new ArrayList<>();
        new TreeSet<>(
                        Reference.runs(run -> run.replicas > 1).stream()
                                .map(run -> run.replicas)
                                .toList())
                .forEach(
                        replicas -> {
                            int processes = replicas;
                            while (processes > 4) {
                                int all = processes;
                                processes /=
                                        IntStream.rangeClosed(2, all)
                                                .filter(p -> all % p == 0)
                                                .findFirst()
                                                .getAsInt();
                            }
                            jobs.add(new Job(Means.SHARED_MEMORY, processes, replicas));
                            if (replicas <= 4) {
                                jobs.add(new Job(Means.MESSAGES, processes, replicas));
                            }
                        });
        jobs.add(new Job(Means.SHARED_MEMORY, 2, 4));
        jobs.add(new Job(Means.MESSAGES, 2, 4));
        return jobs;
    }

    /** Prints a line for each. */
    public static void main(String[] args) {
        for (Job job : all()) {
            System.out.println(job.means + " " + job.processes + " " + job.replicas);
        }
    }
}
