package org.parle.djl.examples;

import org.parle.djl.Optimizer;
import org.parle.djl.comm.CommunicatorProvider;
import org.testng.Assert;
import org.testng.SkipException;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** What the library's jars have in them, and what they say of themselves. */
public class ArtefactsTest {

    private static final String MPI = "org/parle/djl/comm/mpi/";
    private static final String SERVICE =
            "META-INF/services/" + CommunicatorProvider.class.getName();

    private Path main;

    @BeforeClass
    public void findTheJar() {
        main =
                Path.of(
                        URI.create(
                                Optimizer.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toString()));
        if (Files.isDirectory(main)) {
            throw new SkipException("not packed: mvn verify does");
        }
    }

    @Test
    public void shouldFindTheVersionOfTheLibraryInItsJar() {
        // replicas of different versions are told apart by it
        String version = Optimizer.class.getPackage().getImplementationVersion();
        Assert.assertEquals(main.getFileName().toString(), "parle-djl-" + version + ".jar");
    }

    @Test
    public void shouldKeepTheMpiHalfOutOfTheLibrarysJar() throws IOException {
        // wherever it was built: one coordinate, one content
        Set<String> files = files(main);
        Assert.assertTrue(files.contains("org/parle/djl/Optimizer.class"));
        Assert.assertFalse(files.contains(SERVICE), files.toString());
        Assert.assertTrue(files.stream().noneMatch(file -> file.startsWith(MPI)), files.toString());
    }

    @Test
    public void shouldPackTheMpiHalfAlone() throws IOException {
        String name = main.getFileName().toString().replaceFirst("\\.jar$", "-mpi.jar");
        Path mpi = main.resolveSibling(name);
        if (!Files.exists(mpi)) {
            throw new SkipException("Open MPI is not prepared: parle-djl/mpi/setup.sh");
        }
        Set<String> files = files(mpi);
        Assert.assertTrue(files.containsAll(List.of(SERVICE, MPI + "MpiProvider.class")));
        files.removeIf(file -> file.startsWith(MPI) || file.startsWith("META-INF/maven/"));
        Assert.assertEquals(files, Set.of(SERVICE, JarFile.MANIFEST_NAME));
        Assert.assertEquals(version(mpi), version(main));
    }

    private static Set<String> files(Path jar) throws IOException {
        Set<String> names = new TreeSet<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            file.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(JarEntry::getName)
                    .forEach(names::add);
        }
        return names;
    }

    private static String version(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest()
                    .getMainAttributes()
                    .getValue(Attributes.Name.IMPLEMENTATION_VERSION);
        }
    }
}
