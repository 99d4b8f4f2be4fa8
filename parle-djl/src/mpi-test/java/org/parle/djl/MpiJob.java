package org.parle.djl;

import org.testng.SkipException;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.fail;

/** A real mpirun of a main class of the tests, and what it printed. */
public final class MpiJob implements AutoCloseable {

    /** How means go from process to process on one host. */
    public enum Means {
        /** As they do by themselves. */
        SHARED_MEMORY,
        /** As they do between hosts: an Open MPI is asked for that has no shared-memory windows. */
        MESSAGES
    }

    private static final List<String> MPIRUN =
            List.of("mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none");

    private static final Pattern PID = Pattern.compile("rank (\\d+) has pid (\\d+)");

    private final Process process;
    private final Path output;

    private MpiJob(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a job.
     *
     * @param processes how many
     * @param main the class
     * @param args its arguments
     * @return the job, under way
     * @throws IOException if it cannot be started
     */
    public static MpiJob start(int processes, Class<?> main, Object... args) throws IOException {
        return start(Means.SHARED_MEMORY, processes, main, args);
    }

    /**
     * Starts a job.
     *
     * @param means how they go
     * @param processes how many
     * @param main the class
     * @param args its arguments
     * @return the job, under way
     * @throws IOException if it cannot be started
     */
    public static MpiJob start(Means means, int processes, Class<?> main, Object... args)
            throws IOException {
        return start(List.of(), means, processes, main, args);
    }

    /** Starts a job with options for each process's JVM. */
    public static MpiJob start(
            List<String> options, Means means, int processes, Class<?> main, Object... args)
            throws IOException {
        List<String> command = new ArrayList<>(MPIRUN);
        command.addAll(List.of("-n", String.valueOf(processes)));
        command.addAll(java(options, classPath(), main, args));
        return start(command, means);
    }

    /** Where a rank works, and what its class path begins with. */
    record Place(Path folder, String classPath) {}

    /** Starts a job of ranks that may see other files, as on other hosts. */
    static MpiJob start(List<Place> ranks, Class<?> main, Object... args) throws IOException {
        List<String> command = new ArrayList<>(MPIRUN);
        for (Place place : ranks) {
            command.addAll(List.of("-n", "1", "-wdir", place.folder().toString()));
            String path = place.classPath() + File.pathSeparator + classPath();
            command.addAll(java(List.of(), path, main, args));
            command.add(":");
        }
        return start(command.subList(0, command.size() - 1), Means.SHARED_MEMORY);
    }

    private static String classPath() {
        String path =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<String> java(
            List<String> options, String classPath, Class<?> main, Object... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dai.djl.offline=true");
        command.addAll(options);
        // mpirun adds the folder of its own library, where that of the bindings lies
        command.addAll(List.of("-cp", classPath, main.getName()));
        Stream.of(args).map(String::valueOf).forEach(command::add);
        return command;
    }

    private static MpiJob start(List<String> command, Means means) throws IOException {
        String path = System.getenv("PATH");
        if (Stream.of(path.split(File.pathSeparator))
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, "mpirun")))) {
            throw new SkipException("mpirun is not installed: parle-djl/mpi/setup.sh installs it");
        }
        Path output = Files.createTempFile("parle-mpi", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("OMP_NUM_THREADS", "1");
        if (means == Means.MESSAGES) {
            builder.environment().put("OMPI_MCA_osc", "pt2pt");
        }
        return new MpiJob(builder.redirectOutput(output.toFile()).start(), output);
    }

    /** Runs a job that is to end well; returns what it printed. */
    public static String run(int processes, Class<?> main, Object... args) throws Exception {
        return run(Means.SHARED_MEMORY, processes, main, args);
    }

    /** Runs a job that is to end well; returns what it printed. */
    public static String run(Means means, int processes, Class<?> main, Object... args)
            throws Exception {
        return run(List.of(), means, processes, main, args);
    }

    /** Runs a job with options for each process's JVM. */
    static String run(
            List<String> options, Means means, int processes, Class<?> main, Object... args)
            throws Exception {
        try (MpiJob job = start(options, means, processes, main, args)) {
            assertEquals(job.end(600), 0, job.text());
            return job.text();
        }
    }

    /** Waits for the end, and returns the exit code. */
    public int end(int seconds) throws Exception {
        assertTrue(process.waitFor(seconds, TimeUnit.SECONDS), "the job hangs: " + text());
        return process.exitValue();
    }

    /** Waits until something was printed. */
    public String until(Predicate<String> wanted, int seconds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!wanted.test(text())) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
                fail("not printed: " + text());
            }
        }
        return text();
    }

    /** Returns the rank's process; its main has to print it. */
    public ProcessHandle rank(int rank) throws IOException {
        Matcher matcher = PID.matcher(text());
        while (matcher.find()) {
            if (matcher.group(1).equals(String.valueOf(rank))) {
                return ProcessHandle.of(Long.parseLong(matcher.group(2))).orElseThrow();
            }
        }
        throw new AssertionError("no pid of rank " + rank + ": " + text());
    }

    /** Sends a signal to a process. */
    public static void signal(String name, ProcessHandle to) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(to.pid())).start();
        assertEquals(kill.waitFor(), 0);
    }

    /** Returns mpirun's process. */
    public Process process() {
        return process;
    }

    /** Returns what was printed so far. */
    public String text() throws IOException {
        return Files.readString(output);
    }

    /** Returns the last line that a rank has printed. */
    public String lastLine() throws IOException {
        String last = "";
        boolean block = false;
        for (String line : Files.readAllLines(output)) {
            if (line.startsWith("-----")) {
                // mpirun's own, after a rank has ended
                block = !block;
            } else if (!block && !line.isBlank() && !line.contains("] Read -1")) {
                // a rank that was stopped, and goes on as it is killed, finds others' memory gone
                last = line;
            }
        }
        return last;
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Files.delete(output);
    }
}
