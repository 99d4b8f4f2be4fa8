package org.parle.djl.job;

import org.parle.djl.comm.Communicator;
import org.parle.djl.comm.CommunicatorProvider;
import org.parle.djl.comm.Solo;
import org.parle.djl.option.Nearest;
import org.parle.djl.option.Services;
import org.slf4j.MDC;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The processes that run this program together: those that a transport's launcher has started, or
 * this one alone.
 */
public final class Job {

    /** Names the transport; by default the one that has launched this process, if any. */
    public static final String PROPERTY = "parle.communicator";

    private static final String NONE = "none";
    private static Job current;

    private final CommunicatorProvider provider;

    private Job(CommunicatorProvider provider) {
        this.provider = provider;
    }

    /** Returns this process's. */
    public static synchronized Job current() {
        if (current == null) {
            current = new Job(find(System.getProperty(PROPERTY)));
        }
        return current;
    }

    private static CommunicatorProvider find(String name) {
        if (NONE.equals(name)) {
            return null;
        }
        Map<String, CommunicatorProvider> found =
                Services.find(CommunicatorProvider.class, CommunicatorProvider::name);
        for (CommunicatorProvider provider : found.values()) {
            if (name == null ? provider.launched() : provider.name().equals(name)) {
                return provider;
            }
        }
        if (name != null) {
            List<String> names = new ArrayList<>(List.of(NONE));
            names.addAll(found.keySet());
            throw new IllegalArgumentException(
                    "no communicator "
                            + name
                            + (name.equals("mpi")
                                    ? Launchers.WITHOUT_MPI
                                    : ": " + Nearest.hint(name, names)));
        }
        Launchers.check(System.getenv());
        return null;
    }

    /** Returns a communicator between the processes, one rank each; a new one. Collective. */
    public Communicator connect(Duration timeout) {
        if (provider == null) {
            return new Solo();
        }
        Communicator communicator = provider.connect(timeout);
        if (communicator.rank() > 0) {
            // DJL's, which every process would draw
            System.setProperty("disableProgressBar", "true");
        }
        return communicator;
    }

    /** Returns whether no other process can be part of this job. */
    boolean isAlone() {
        return provider == null;
    }

    /** Has the calling thread's log lines bear a rank: {@code %X{rank}} in a pattern. */
    public static void name(int rank) {
        if (rank > 0) {
            MDC.put("rank", String.valueOf(rank));
        }
    }

    /** Returns which of the job's processes on this host this is. */
    public int localRank() {
        return provider == null ? 0 : provider.localRank();
    }

    /** Returns this process's part of the host's cores. */
    public int cores() {
        int all = Runtime.getRuntime().availableProcessors();
        return provider == null ? all : Math.max(1, all / provider.localSize());
    }
}
