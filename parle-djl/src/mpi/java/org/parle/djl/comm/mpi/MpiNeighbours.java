package org.parle.djl.comm.mpi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this host's kernel knows of the job's other processes, when MPI cannot be asked. */
final class MpiNeighbours {

    private static final Pattern RANK =
            Pattern.compile("(?:^|\0)OMPI_COMM_WORLD_RANK=(\\d+)(?:\0|$)");

    private MpiNeighbours() {}

    /** Returns in words which ranks on this host are stopped, or that none is. */
    static String stopped() {
        Optional<ProcessHandle> launcher = ProcessHandle.current().parent();
        // a script may stand between the launcher and a rank
        while (launcher.isPresent() && rank(launcher.get()).isPresent()) {
            launcher = launcher.get().parent();
        }
        List<String> stopped =
                launcher.stream()
                        .flatMap(ProcessHandle::descendants)
                        .filter(MpiNeighbours::isStopped)
                        .flatMap(process -> rank(process).stream())
                        .distinct()
                        .sorted()
                        .toList();
        return stopped.isEmpty()
                ? "a rank has not come so far, or cannot be reached"
                : String.join(", ", stopped) + (stopped.size() == 1 ? " is" : " are") + " stopped";
    }

    private static Optional<String> rank(ProcessHandle process) {
        Matcher matcher = RANK.matcher(read(process, "environ"));
        return matcher.find() ? Optional.of("rank " + matcher.group(1)) : Optional.empty();
    }

    private static boolean isStopped(ProcessHandle process) {
        String stat = read(process, "stat");
        // the state stands behind the name, which may have any letters
        return stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("T");
    }

    private static String read(ProcessHandle process, String file) {
        try {
            Path path = Path.of("/proc", String.valueOf(process.pid()), file);
            return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
