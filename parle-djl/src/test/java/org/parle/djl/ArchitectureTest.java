package org.parle.djl;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;

import org.testng.Assert;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Which room may import which: imports point downwards only. */
public class ArchitectureTest {

    private static final String ROOT = "org.parle.djl";

    /** From the ground up, the root on top of them; rooms that are not built yet are skipped. */
    private static final List<String> ROOMS =
            List.of(
                    "option",
                    "vector",
                    "comm",
                    "comm.mpi",
                    "topology",
                    "compress",
                    "schedule",
                    "algorithm",
                    "checkpoint",
                    "monitor",
                    "data");

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
