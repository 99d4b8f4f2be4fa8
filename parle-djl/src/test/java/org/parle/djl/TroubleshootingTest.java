package org.parle.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;

import org.testng.Assert;
import org.testng.SkipException;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The wrong ways in, gone for real: the page on troubleshooting has each message. */
public class TroubleshootingTest {

    private static final Path PAGE = Path.of("../docs/troubleshooting.md");
    private static final Path CLASSES = folder("org/parle/djl/Optimizer.class");
    private static final Path TESTS = folder("org/parle/djl/TroubleshootingTest.class");
    private static final String MPI = "org/parle/djl/comm/mpi/";
    private static final String SERVICE = "META-INF/services/org.parle.djl.comm.";
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```text\n(.*?)\n```$");

    /** What the jar without the classifier has; the other has the rest. */
    private static final Predicate<String> MAIN =
            name -> !name.startsWith(MPI) && !name.startsWith(SERVICE);

    private final List<String> messages = new ArrayList<>();

    @BeforeClass
    public void readThePage() throws IOException {
        Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
        while (blocks.find()) {
            messages.add(blocks.group(1));
        }
    }

    /** Returns the folder of the class path that has a file; null if none has. */
    private static Path folder(String file) {
        URL url = TroubleshootingTest.class.getClassLoader().getResource(file);
        if (url == null) {
            return null;
        }
        String place = url.toString();
        return Path.of(URI.create(place.substring(0, place.length() - file.length())));
    }

    /** The page has exactly this, but for what it leaves open. */
    private void assertOnPage(String told) {
        Assert.assertTrue(
                messages.stream().anyMatch(message -> pattern(message).matcher(told).matches()),
                "not on the page: " + told);
    }

    private static Pattern pattern(String message) {
        return Pattern.compile(
                Arrays.stream(message.split("…", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".+")));
    }

    /** What was printed has a message that begins like this, and the page has it. */
    private void assertOnPage(String begin, String output) {
        String message =
                messages.stream()
                        .filter(one -> one.startsWith(begin))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("not on the page: " + begin));
        Assert.assertTrue(pattern(message).matcher(output).find(), message + " in " + output);
    }

    private void fails(Assert.ThrowingRunnable wrong) {
        Throwable told = Assert.expectThrows(Throwable.class, wrong);
        while (told instanceof ReplicaException) {
            told = told.getCause();
        }
        assertOnPage(told.getMessage());
    }

    private static void train(DefaultTrainingConfig config, Block block) throws Exception {
        try (Model model = Networks.model(block);
                Trainer trainer = model.newTrainer(config)) {
            trainer.initialize(Networks.INPUT);
            for (Batch batch : trainer.iterateDataset(Networks.digits(Dataset.Usage.TRAIN, 32))) {
                EasyTrain.trainBatch(trainer, batch);
                trainer.step();
                batch.close();
            }
        }
    }

    @Test
    public void shouldExplainTheMissingListener() {
        fails(() -> train(Networks.config(Networks.parle()), Networks.quiet()));
    }

    @Test
    public void shouldExplainASecondTrainer() {
        ReplicaOptimizer optimizer = Networks.parle();
        DefaultTrainingConfig config = Networks.config(optimizer).addTrainingListeners(optimizer);
        fails(
                () -> {
                    train(config, Networks.quiet());
                    train(config, Networks.quiet());
                });
    }

    @Test
    public void shouldExplainDjlsTrainerInsideReplicas() {
        fails(
                () ->
                        Replicas.run(
                                2,
                                replica -> {
                                    ReplicaOptimizer optimizer = Networks.parle();
                                    train(
                                            Networks.config(optimizer)
                                                    .addTrainingListeners(optimizer),
                                            Networks.quiet());
                                }));
    }

    private static void inReplicas(DefaultTrainingConfig config) {
        Replicas.run(
                1,
                replica -> {
                    try (Model model = Networks.model(Networks.quiet())) {
                        replica.newTrainer(model, config).close();
                    }
                });
    }

    @Test
    public void shouldExplainAnotherOptimizer() {
        fails(
                () ->
                        inReplicas(
                                Networks.config(
                                        ai.djl.training.optimizer.Optimizer.adam().build())));
    }

    @Test
    public void shouldExplainDjlsExecutor() {
        DefaultTrainingConfig config = Networks.config(Networks.parle());
        config.optDevices(new Device[] {Device.cpu(), Device.cpu()}).optExecutorService();
        try {
            fails(() -> inReplicas(config));
        } finally {
            config.getExecutorService().shutdown();
        }
    }

    @Test
    public void shouldExplainWhatAnOptimizerNeeds() {
        fails(() -> Optimizer.parle().build());
        fails(() -> Optimizer.named("parl", Map.of("learningRate", 0.1)));
    }

    @Test
    public void shouldExplainABlockWithNothingToTrain() {
        fails(
                () ->
                        Replicas.run(
                                1,
                                replica -> {
                                    try (Model model = Networks.model(Networks.quiet());
                                            Trainer trainer =
                                                    replica.newTrainer(
                                                            model,
                                                            Networks.config(Networks.parle()))) {
                                        trainer.initialize(Networks.INPUT);
                                        model.getBlock().freezeParameters(true);
                                        EasyTrain.fit(
                                                trainer,
                                                1,
                                                Networks.digits(Dataset.Usage.TRAIN, 32),
                                                null);
                                    }
                                }));
    }

    @Test
    public void shouldExplainAMissingGpu() {
        fails(
                () ->
                        Replicas.builder()
                                .optDevices(Device.gpu(99))
                                .build(1)
                                .run(replica -> Assert.fail("it ran")));
    }

    @Test
    public void shouldExplainAMissingGpuInATrainingConfig() {
        Device[] none = {Device.gpu(99)};
        fails(() -> inReplicas(Networks.config(Networks.parle()).optDevices(none)));
        ReplicaOptimizer optimizer = Networks.parle();
        DefaultTrainingConfig config = Networks.config(optimizer).addTrainingListeners(optimizer);
        fails(() -> train(config.optDevices(none), Networks.quiet()));
    }

    @Test
    public void shouldExplainWhatDjlSaysOfAFrozenBlock() {
        ReplicaOptimizer optimizer = Networks.parle();
        fails(
                () -> {
                    try (Model model = Networks.model(Networks.quiet());
                            Trainer trainer =
                                    model.newTrainer(
                                            Networks.config(optimizer)
                                                    .addTrainingListeners(optimizer))) {
                        trainer.initialize(Networks.INPUT);
                        model.getBlock().freezeParameters(true);
                        EasyTrain.fit(trainer, 1, Networks.digits(Dataset.Usage.TRAIN, 32), null);
                    }
                });
    }

    @Test
    public void shouldExplainABuildWithoutOpenMpi() throws Exception {
        assertOnPage("this is one of …", underMpirun(withLibrary(jar("0.1.0", MAIN), "open-mpi")));
    }

    @Test
    public void shouldExplainAnotherLauncher() throws Exception {
        Map<String, String> environment = Map.of("SLURM_STEP_NUM_TASKS", "3");
        String classPath = Jvm.classPath(any -> true);
        assertOnPage(
                "this is one of several",
                Jvm.start(classPath, environment, List.of(), StarMain.class).await(false));
    }

    @Test
    public void shouldExplainMissingBindings() throws Exception {
        needMpi();
        String without = Jvm.classPath(entry -> !entry.contains("open-mpi"));
        assertOnPage("this job needs Open MPI", underMpirun(without));
    }

    @Test
    public void shouldExplainAnMpiHalfOfAnotherVersion() throws Exception {
        needMpi();
        String both = jar("0.1.0", MAIN) + File.pathSeparator + jar("0.2.0", MAIN.negate());
        assertOnPage("parle-djl-", underMpirun(withLibrary(both, "none")));
    }

    private static void needMpi() {
        if (folder(MPI + "MpiProvider.class") == null) {
            throw new SkipException("Open MPI is not prepared: parle-djl/mpi/setup.sh");
        }
    }

    private static String underMpirun(String classPath) throws Exception {
        Map<String, String> environment = Map.of("OMPI_COMM_WORLD_SIZE", "3");
        // the tests' own transport would be asked, too
        return Jvm.start(classPath, environment, List.of(), StarMain.class).await(false);
    }

    @Test
    public void shouldExplainVersionsThatDiffer() throws Exception {
        List<String> outputs =
                ExtendingTest.two(
                        "-Dstar.contract=false",
                        withLibrary(jar("0.1.0", name -> true), "none"),
                        withLibrary(jar("0.2.0", name -> true), "none"),
                        false);
        for (String output : outputs) {
            assertOnPage("replicas differ", output);
        }
    }

    @Test
    public void shouldExplainAMissingNativeLibrary() throws Exception {
        String without = Jvm.classPath(entry -> !entry.contains("pytorch-native"));
        Map<String, String> empty =
                Map.of("DJL_CACHE_DIR", Files.createTempDirectory("parle").toString());
        String output = Jvm.start(without, empty, List.of(), StarMain.class).await(false);
        assertOnPage("Failed to save pytorch", output);
        Assert.assertTrue(output.contains("Offline mode is enabled."), output);
    }

    @Test
    public void shouldExplainMissingMpirun() throws Exception {
        Path tools = Files.createTempDirectory("parle");
        for (String tool : List.of("bash", "dirname", "readlink", "env")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
        }
        ProcessBuilder builder =
                new ProcessBuilder("../parle-examples/parle-mpi", "-n", "2", "--", "train");
        builder.environment().put("PATH", tools.toString());
        Path output = Files.createTempFile("parle", ".log");
        Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        new Jvm.Running(process, output).await(false);
        assertOnPage(Files.readString(output).strip());
    }

    private static String withLibrary(String jar, String unwanted) {
        return jar
                + File.pathSeparator
                + Jvm.classPath(
                        entry -> !entry.contains(unwanted) && !library().contains(Path.of(entry)));
    }

    /** Returns where the library's classes are. */
    private static Set<Path> library() {
        Path mpi = folder(MPI + "MpiProvider.class");
        return mpi == null ? Set.of(CLASSES) : new LinkedHashSet<>(List.of(CLASSES, mpi));
    }

    /** Packs the library as a build of some version does. */
    private static String jar(String version, Predicate<String> wanted) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        Path jar = Files.createTempFile("parle", ".jar");
        Set<String> packed = new HashSet<>();
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            // a package's version is that of its first class, which is the tests' main program
            List<Path> folders = new ArrayList<>(library());
            folders.add(TESTS);
            for (Path folder : folders) {
                for (Path path : files(folder)) {
                    String name = folder.relativize(path).toString();
                    if (wanted.test(name) && packed.add(name)) {
                        out.putNextEntry(new JarEntry(name));
                        Files.copy(path, out);
                        out.closeEntry();
                    }
                }
            }
        }
        return jar.toString();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test(timeOut = 60_000)
    public void shouldExplainAReplicaThatClosesEarly() {
        fails(
                () ->
                        Replicas.builder()
                                .optWorkers(2)
                                .build(2)
                                .run(replica -> takeSteps(replica, replica.isFirst() ? 1000 : 1)));
    }

    private static void takeSteps(Replica replica, int steps) throws Exception {
        ReplicaOptimizer optimizer =
                Optimizer.named("local-sgd", Map.of("learningRate", 0.01, "syncEvery", 1_000_000));
        try (Model model = Networks.model(Networks.quiet());
                Trainer trainer = replica.newTrainer(model, Networks.config(optimizer))) {
            trainer.initialize(Networks.INPUT);
            int taken = 0;
            while (taken < steps) {
                for (Batch batch :
                        trainer.iterateDataset(Networks.digits(Dataset.Usage.TRAIN, 64))) {
                    if (taken++ < steps) {
                        EasyTrain.trainBatch(trainer, batch);
                        trainer.step();
                    }
                    batch.close();
                }
            }
        }
    }

    /** All wait for ever, and the second one for its turn to do so. */
    @Test(timeOut = 60_000)
    public void shouldExplainAPermitThatIsKept() {
        CountDownLatch never = new CountDownLatch(1);
        fails(() -> impatient(1).run(replica -> never.await()));
    }

    @Test(timeOut = 60_000)
    public void shouldExplainAReplicaThatDoesNotCome() {
        CountDownLatch never = new CountDownLatch(1);
        fails(
                () ->
                        impatient(2)
                                .run(
                                        replica -> {
                                            if (replica.isFirst()) {
                                                never.await();
                                            }
                                            replica.communicator().barrier().await();
                                        }));
    }

    private static Replicas impatient(int workers) {
        return Replicas.builder().optTimeout(Duration.ofSeconds(1)).optWorkers(workers).build(2);
    }

    @Test(timeOut = 60_000)
    public void shouldExplainAThreadThatDoesNotEnd() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        ReplicaException told =
                Assert.expectThrows(
                        ReplicaException.class,
                        () ->
                                Replicas.builder()
                                        .optWorkers(2)
                                        .build(2)
                                        .run(
                                                replica -> {
                                                    if (replica.isFirst()) {
                                                        begun.await();
                                                        throw new IllegalStateException("first");
                                                    }
                                                    begun.countDown();
                                                    while (end.getCount() > 0) {
                                                        Thread.onSpinWait();
                                                    }
                                                }));
        end.countDown();
        Assert.assertEquals(told.getCause().getMessage(), "first");
        assertOnPage(told.getSuppressed()[0].getMessage());
    }
}
