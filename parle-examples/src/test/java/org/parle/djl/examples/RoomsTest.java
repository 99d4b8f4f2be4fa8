package org.parle.djl.examples;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

import org.testng.Assert;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

import java.util.ArrayList;
import java.util.List;

/** Which room may import which: imports point downwards only, and no classes name each other. */
public class RoomsTest {

    private static final String ROOT = "org.parle.djl.examples";

    /** From the ground up, the root on top of them. */
    private static final List<String> ROOMS =
            List.of("network", "dataset", "result", "option", "run", "picture", "command");

    private JavaClasses classes;

    @BeforeClass
    public void readTheClasses() {
        classes =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        // JMH's own circles
                        .withImportOption(place -> !place.contains("jmh_generated"))
                        .importPackages(ROOT);
    }

    @Test
    public void shouldKeepEveryClassInARoom() {
        List<String> rooms = new ArrayList<>(List.of(ROOT, ROOT + ".bench"));
        ROOMS.forEach(room -> rooms.add(ROOT + '.' + room));
        ArchRuleDefinition.classes()
                .should()
                .resideInAnyPackage(rooms.toArray(String[]::new))
                .check(classes);
        long inRoot =
                classes.stream()
                        .filter(one -> one.getPackageName().equals(ROOT) && one.isTopLevelClass())
                        .filter(one -> !one.getSimpleName().equals("package-info"))
                        .count();
        Assert.assertEquals(inRoot, 1, "classes beside Parle");
    }

    @Test
    public void shouldImportDownwardsOnly() {
        LayeredArchitecture house =
                Architectures.layeredArchitecture().consideringOnlyDependenciesInLayers();
        List<String> below = new ArrayList<>();
        for (String room : ROOMS) {
            house = only(house.layer(room).definedBy(ROOT + '.' + room), room, below);
            below.add(room);
        }
        // benchmarks may use what they measure; nobody names them
        house = only(house.layer("bench").definedBy(ROOT + ".bench"), "bench", below);
        only(house.layer("root").definedBy(ROOT), "root", below).check(classes);
    }

    private static LayeredArchitecture only(
            LayeredArchitecture house, String room, List<String> below) {
        return below.isEmpty()
                ? house.whereLayer(room).mayNotAccessAnyLayer()
                : house.whereLayer(room).mayOnlyAccessLayers(below.toArray(String[]::new));
    }

    @Test
    public void shouldHaveNoCirclesOfClasses() {
        SlicesRuleDefinition.slices()
                .assignedFrom(new Files())
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    /** Each source file is a slice: what lies in one may name each other. */
    private static final class Files implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass one) {
            JavaClass outer = one;
            while (outer.getEnclosingClass().isPresent()) {
                outer = outer.getEnclosingClass().get();
            }
            return SliceIdentifier.of(outer.getFullName());
        }

        @Override
        public String getDescription() {
            return "source files";
        }
    }
}
