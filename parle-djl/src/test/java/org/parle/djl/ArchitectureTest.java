package org.parle.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;

import org.parle.djl.vector.DeviceDoor;
import org.parle.djl.vector.Vectors;
import org.testng.Assert;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which room may import which, who may know whom, and how much there may be of it. */
public class ArchitectureTest {

    private static final String ROOT = "org.parle.djl";

    /** From the ground up, the root on top of them; rooms that are not built yet are skipped. */
    private static final List<String> ROOMS =
            List.of(
                    "option",
                    "random",
                    "vector",
                    "comm",
                    "comm.mpi",
                    "topology",
                    "compress",
                    "schedule",
                    "algorithm",
                    "checkpoint",
                    "monitor",
                    "data",
                    "job",
                    "training");

    /** Public to the compiler only: users see none of their classes. */
    private static final List<String> HIDDEN = List.of("random", "job", "training");

    /** In these rooms, the root first, nothing knows one another but an optimizer's builders. */
    private static final Pattern STRAIGHT = Pattern.compile("(|job|training): .*");

    private static final Pattern BUILDERS =
            Pattern.compile("org\\.parle\\.djl\\.(Optimizer|ReplicaOptimizer|[A-Za-z]+Builder)");

    /** Circles that there are elsewhere. This list may only shrink, but for a new sharding. */
    private static final List<String> CIRCLES =
            List.of(
                    "comm: Call, DeviceVectors, HostVectors, VectorSet",
                    "comm: LocalCommunicator, LocalGroup, LocalPending, Processes, Slot, Wait",
                    "comm.mpi: Mpi, MpiAllReduce, MpiCalls, MpiCommunicator, MpiControl,"
                        + " MpiLeaving, MpiMeans, MpiMeeting, MpiMessages, MpiPending, MpiProgress,"
                        + " MpiProvider, MpiSilence, MpiStages, MpiWatch, MpiWindowAllReduce",
                    "compress: Draws, SeededDraws",
                    "data: DirichletSharding, DisjointSharding, FractionSharding, FullSharding,"
                            + " OwnSharding, Sharding, ShardingNames, SortedSharding",
                    "vector: FlatGradient, FlatModel");

    /** What of DJL's crosses to another device or to main memory, and leaves a manager behind. */
    private static final Pattern CROSSES =
            Pattern.compile(
                    "toDevice|copyTo|encode|toByteBuffer|toArray"
                            + "|to(Byte|Float|Double|Int|Long|Short|Uint8|Boolean|String)Array"
                            + "|get(Byte|Float|Double|Int|Long|Short|Uint8|Boolean|String)");

    /** Who may all the same. This list may only shrink. */
    private static final Map<String, String> CROSSING =
            Map.of("org.parle.djl.vector.MainMemory", "a vector's own memory, on the CPU only");

    private static final String THERE = "clipThere";
    private static final int ROOT_FILES = 24;
    private static final int LONGEST = 250;

    private JavaClasses classes;

    @BeforeClass
    public void readTheLibrary() {
        classes =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(ROOT);
    }

    @Test
    public void shouldReadTheLibrary() {
        Assert.assertTrue(classes.contain("org.parle.djl.comm.Communicator"));
    }

    @Test
    public void shouldKeepEveryClassInARoom() {
        List<String> rooms = new ArrayList<>(List.of(ROOT));
        ROOMS.forEach(room -> rooms.addAll(Arrays.asList(packages(room))));
        ArchRuleDefinition.classes()
                .should()
                .resideInAnyPackage(rooms.toArray(String[]::new))
                .check(classes);
    }

    @Test
    public void shouldImportDownwardsOnly() {
        LayeredArchitecture house =
                Architectures.layeredArchitecture()
                        .consideringOnlyDependenciesInLayers()
                        .withOptionalLayers(true);
        List<String> below = new ArrayList<>();
        for (String room : ROOMS) {
            house = house.layer(room).definedBy(packages(room));
            house = only(house, room, below);
            // found through ServiceLoader: nobody names it
            if (!"comm.mpi".equals(room)) {
                below.add(room);
            }
        }
        house = house.layer("root").definedBy(ROOT);
        only(house, "root", below).check(classes);
    }

    @Test
    public void shouldKeepTrainersAndThreadsOutOfAlgorithms() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage(ROOT + ".algorithm..")
                .should()
                .dependOnClassesThat(
                        JavaClass.Predicates.assignableTo("ai.djl.training.Trainer")
                                .or(threads())
                                .as("are trainers, threads or executors"))
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    public void shouldNameOpenMpiInItsOwnRoomOnly() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".comm.mpi..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("mpi..")
                .check(classes);
    }

    /** Its factor is computed where the gradient is: to read the norm would be to wait for it. */
    @Test
    public void shouldClipWithoutWaitingForADevice() {
        Set<String> asked = new TreeSet<>();
        Set<String> reading = Set.of("value", "norm", "finite", "read");
        boolean begun = false;
        for (JavaMethodCall call : classes.get(Vectors.class).getMethodCallsFromSelf()) {
            begun |= call.getOrigin().getName().equals("clip") && call.getName().equals(THERE);
            boolean here =
                    call.getTargetOwner().isEquivalentTo(Vectors.class)
                            || call.getTargetOwner().isEquivalentTo(DeviceDoor.class);
            if (call.getOrigin().getName().equals(THERE)
                    && here
                    && reading.contains(call.getName())) {
                asked.add(call.getDescription());
            }
        }
        Assert.assertTrue(begun);
        Assert.assertEquals(asked, Set.of());
    }

    /** Through DeviceDoor, which calls none of these. */
    @Test
    public void shouldLeaveADeviceThroughOneDoorOnly() {
        Set<String> found = new TreeSet<>();
        for (JavaClass one : classes) {
            for (JavaMethodCall call : one.getMethodCallsFromSelf()) {
                boolean arrays =
                        call.getTargetOwner().isAssignableTo(NDArray.class)
                                || call.getTargetOwner().isAssignableTo(NDList.class);
                if (arrays
                        && CROSSES.matcher(call.getName()).matches()
                        && !CROSSING.containsKey(one.getName())) {
                    found.add(call.getDescription());
                }
            }
        }
        Assert.assertTrue(found.isEmpty(), String.join("\n", found));
    }

    @Test
    public void shouldShowUsersNothingOfTheHiddenRooms() {
        List<String> hidden = HIDDEN.stream().map(room -> ROOT + '.' + room).toList();
        ArchRuleDefinition.classes()
                .that()
                .resideOutsideOfPackages(hidden.toArray(String[]::new))
                .should(Signatures.withoutPackages(hidden))
                .check(classes);
    }

    @Test
    public void shouldHaveNoCirclesOfClassesButThoseListed() {
        Assert.assertFalse(CIRCLES.stream().anyMatch(STRAIGHT.asMatchPredicate()));
        List<String> listed = new ArrayList<>(CIRCLES);
        // the MPI half is there only where Open MPI is
        boolean withMpi = classes.stream().anyMatch(one -> one.getName().contains(".comm.mpi."));
        listed.removeIf(circle -> !withMpi && circle.startsWith("comm.mpi: "));
        List<String> found =
                Circles.of(classes).stream()
                        .filter(circle -> !circle.stream().allMatch(BUILDERS.asMatchPredicate()))
                        .map(ArchitectureTest::shown)
                        .sorted()
                        .toList();
        Collections.sort(listed);
        Assert.assertEquals(
                String.join("\n", found),
                String.join("\n", listed),
                "a new circle, or one that is gone: then shrink the list");
    }

    /** The room, and the names of the classes in it. */
    private static String shown(Set<String> circle) {
        String any = circle.iterator().next();
        String room = any.substring(0, any.lastIndexOf('.'));
        return room.replaceFirst("org\\.parle\\.djl\\.?", "")
                + ": "
                + circle.stream()
                        .map(name -> name.substring(room.length() + 1))
                        .collect(Collectors.joining(", "));
    }

    @Test
    public void shouldKeepTheRootSmall() throws IOException {
        Path root = Path.of("src/main/java/org/parle/djl");
        try (Stream<Path> files = Files.list(root)) {
            long count = files.filter(file -> file.toString().endsWith(".java")).count();
            Assert.assertTrue(count <= ROOT_FILES, count + " files in the root");
        }
    }

    @Test
    public void shouldKeepFilesShort() throws IOException {
        Set<String> tooLong = new TreeSet<>();
        for (String half : List.of("src/main/java", "src/mpi/java")) {
            try (Stream<Path> files = Files.walk(Path.of(half))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (Files.readAllLines(file).size() > LONGEST) {
                        tooLong.add(file.getFileName().toString());
                    }
                }
            }
        }
        Assert.assertTrue(tooLong.isEmpty(), "longer than " + LONGEST + " lines: " + tooLong);
    }

    private static String[] packages(String room) {
        String name = ROOT + '.' + room;
        // comm.mpi lies inside comm, yet is a room of its own
        return "comm".equals(room) ? new String[] {name} : new String[] {name + ".."};
    }

    private static LayeredArchitecture only(
            LayeredArchitecture house, String room, List<String> below) {
        return below.isEmpty()
                ? house.whereLayer(room).mayNotAccessAnyLayer()
                : house.whereLayer(room).mayOnlyAccessLayers(below.toArray(String[]::new));
    }

    private static DescribedPredicate<JavaClass> threads() {
        return JavaClass.Predicates.assignableTo(Thread.class)
                .or(JavaClass.Predicates.assignableTo(Executor.class))
                .or(JavaClass.Predicates.assignableTo(Executors.class))
                .or(JavaClass.Predicates.assignableTo(CompletionService.class))
                .or(JavaClass.Predicates.assignableTo(CompletionStage.class));
    }
}
