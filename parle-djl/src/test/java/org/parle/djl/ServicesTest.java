package org.parle.djl;

import org.parle.djl.comm.CommunicatorProvider;
import org.parle.djl.compress.CompressorProvider;
import org.parle.djl.compress.Compressors;
import org.parle.djl.option.Services;
import org.parle.djl.topology.Topology;
import org.parle.djl.topology.TopologyProvider;
import org.testng.Assert;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Providers are found whatever the context class loader is, and broken ones break no other. */
public class ServicesTest {

    private static final String UNLINKED = "org.example.Unlinked";
    private static final List<String> BROKEN =
            List.of(
                    "org.example.Missing",
                    "org.example.SignDescent",
                    Throwing.class.getName(),
                    Uninitialised.class.getName(),
                    Nameless.class.getName(),
                    Shy.class.getName());

    private ClassLoader before;

    @BeforeMethod
    public void keepTheContext() {
        before = Thread.currentThread().getContextClassLoader();
    }

    @AfterMethod
    public void giveTheContextBack() {
        Thread.currentThread().setContextClassLoader(before);
    }

    private static void context(ClassLoader loader) {
        Thread.currentThread().setContextClassLoader(loader);
    }

    private static Set<String> transports() {
        return Services.find(CommunicatorProvider.class, CommunicatorProvider::name).keySet();
    }

    @Test
    public void shouldFindTheLibrarysOwnFromAnyContext() throws Exception {
        Set<String> transports = transports();
        Set<String> compressors = Compressors.providers().keySet();
        List<String> graphs = Topology.names();
        Assert.assertTrue(transports.contains("star"), transports.toString());
        try (URLClassLoader copy = Copies.ofTheClassPath()) {
            for (ClassLoader loader :
                    new ClassLoader[] {null, ClassLoader.getPlatformClassLoader(), copy, copy}) {
                context(loader);
                Assert.assertEquals(transports(), transports);
                Assert.assertEquals(Compressors.providers().keySet(), compressors);
                Assert.assertEquals(Topology.names(), graphs);
                Assert.assertEquals(Topology.named("path", 3).size(), 3);
            }
        }
    }

    @Test
    public void shouldLeaveOutWhatIsBroken() throws Exception {
        List<String> lines = new ArrayList<>(BROKEN);
        lines.add(0, UNLINKED);
        lines.add(Spiral.class.getName());
        try (URLClassLoader loader = loader(folder(List.of("this is no name")), folder(lines))) {
            context(loader);
            Assert.assertTrue(Topology.names().containsAll(List.of("ring", "path", "spiral")));
        }
    }

    @Test
    public void shouldWarnOnceOfWhatIsBroken() throws Exception {
        // before the library itself on the class path
        List<String> words = new ArrayList<>(BROKEN);
        words.add("Illegal configuration-file syntax");
        assertWarnedOnce(
                run(
                        folder(List.of("this is no name"))
                                + File.pathSeparator
                                + folder(BROKEN)
                                + File.pathSeparator
                                + Jvm.classPath(any -> true),
                        "-Dcopy=false"),
                words);
    }

    @Test
    public void shouldWarnOnceOfACopyOfTheLibrary() throws Exception {
        String output = run(Jvm.classPath(any -> true), "-Dcopy=true");
        assertWarnedOnce(
                output,
                List.of(
                        "OptimizerProvider: those of the context",
                        "CompressorProvider: those of the context",
                        "TopologyProvider: those of the context",
                        "CommunicatorProvider: those of the context"));
    }

    /** Finds a transport that the context class loader does not see, or sees a copy of. */
    private static String run(String classPath, String option) throws Exception {
        List<String> options =
                List.of(
                        "-Dstar.rank=0",
                        "-Dstar.size=1",
                        "-Dstar.port=0",
                        "-Dparle.communicator=star",
                        option);
        String output = Jvm.start(classPath, Map.of(), options, ContextMain.class).await(true);
        Assert.assertTrue(output.contains("processes: 1"), output);
        return output;
    }

    private static void assertWarnedOnce(String output, List<String> words) {
        List<String> warnings =
                output.lines().filter(line -> line.contains("service providers left out")).toList();
        Assert.assertEquals(warnings.size(), words.size(), output);
        for (String word : words) {
            Assert.assertEquals(
                    warnings.stream().filter(line -> line.contains(word)).count(),
                    1,
                    word + " in " + warnings);
        }
    }

    @Test
    public void shouldTakeTheFirstOfAName() throws Exception {
        Path both = folder(List.of(Spiral.class.getName(), Second.class.getName()));
        try (URLClassLoader loader = loader(both)) {
            context(loader);
            Map<String, TopologyProvider> found =
                    Services.find(TopologyProvider.class, TopologyProvider::name);
            Assert.assertEquals(found.get("spiral").getClass(), Spiral.class);
        }
    }

    @Test
    public void shouldSuggestTheNearest() {
        Map<String, CompressorProvider> found = Compressors.providers();
        Assert.assertSame(Services.named("compressor", "sign", found), found.get("sign"));
        Assert.assertEquals(
                Assert.expectThrows(
                                IllegalArgumentException.class,
                                () -> Services.named("compressor", "topk", found))
                        .getMessage(),
                "no compressor is called \"topk\": did you mean \"top-k\"?");
    }

    private URLClassLoader loader(Path... folders) throws IOException {
        URL[] urls = new URL[folders.length];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = folders[i].toUri().toURL();
        }
        return new URLClassLoader(urls, before) {

            @Override
            public Class<?> loadClass(String name) throws ClassNotFoundException {
                if (name.equals(UNLINKED)) {
                    // as of a class whose superclass is in no jar
                    throw new NoClassDefFoundError(name);
                }
                return super.loadClass(name);
            }
        };
    }

    private static Path folder(List<String> providers) throws IOException {
        Path root = Files.createTempDirectory("parle");
        Path services = Files.createDirectories(root.resolve("META-INF/services"));
        Files.write(services.resolve(TopologyProvider.class.getName()), providers);
        try (Stream<Path> all = Files.walk(root)) {
            all.forEach(path -> path.toFile().deleteOnExit());
        }
        return root;
    }

    /** A provider that is all right. */
    public static class Spiral implements TopologyProvider {

        @Override
        public String name() {
            return "spiral";
        }

        @Override
        public String summary() {
            return "as a path";
        }

        @Override
        public List<int[]> edges(int size) {
            return List.of();
        }
    }

    /** Another of the same name. */
    public static final class Second extends Spiral {}

    /** Cannot be made. */
    public static final class Throwing extends Spiral {

        /** Throws. */
        public Throwing() {
            throw new IllegalStateException("not here");
        }
    }

    /** Cannot even be initialised. */
    public static final class Uninitialised extends Spiral {

        private static final int NONE = Integer.parseInt("none");

        @Override
        public String summary() {
            return "" + NONE;
        }
    }

    /** Has no name. */
    public static final class Nameless extends Spiral {

        @Override
        public String name() {
            return null;
        }
    }

    /** Does not tell its name. */
    public static final class Shy extends Spiral {

        @Override
        public String name() {
            throw new UnsupportedOperationException();
        }
    }
}
