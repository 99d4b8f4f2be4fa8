package org.parle.djl;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The expected weights of algorithms on small problems, as the fixture files have them. */
final class Reference {

    /** One problem: replica a has the loss 0.5‖A_a w − b_a‖². */
    static final class Problem {
        float[][][] A;
        float[][] b;
        float[] w0;
        List<Piece> parameters;
    }

    /** One parameter of the block. */
    static final class Piece {
        String name;
        long[] shape;
        int offset;
        int size;
    }

    /** One run of one optimizer. */
    static final class Run {
        String name;
        String optimizer;
        Map<String, JsonElement> options;
        float[] rates;
        int replicas;
        int steps;
        List<Step> expect;
        transient Problem problem;
        transient String file;

        Map<String, Object> givenOptions() {
            return plain(options);
        }

        /** Returns the model after close. */
        double[] closed() {
            Step last = expect.get(steps - 1);
            return last.closed == null ? last.reference : last.closed;
        }

        @Override
        public String toString() {
            return name + " (" + file + ")";
        }
    }

    /** What holds after one step. */
    static final class Step {
        double[][] weights;
        double[] reference;
        Long messageBits;

        /** What close leaves in the model after the last step, null if that is the reference. */
        double[] closed;
    }

    /** What one compressor makes of one vector, with all draws 0.5. */
    static final class Compression {
        String name;
        Map<String, JsonElement> options;
        float[] input;
        double[] expect;
        long messageBits;
        transient List<Piece> parameters;
        transient String file;

        String compressor() {
            return options.get("compressor").getAsString();
        }

        Map<String, Object> givenOptions() {
            Map<String, Object> given = plain(options);
            given.remove("compressor");
            return given;
        }

        @Override
        public String toString() {
            return name + " (" + file + ")";
        }
    }

    private static final class Compressions {
        List<Piece> parameters;
        List<Compression> cases = List.of();
    }

    private static final class Fixture {
        Problem problem;
        List<Run> runs = List.of();
        Compressions compressors = new Compressions();
    }

    private Reference() {}

    private static Map<String, Object> plain(Map<String, JsonElement> options) {
        Map<String, Object> given = new LinkedHashMap<>();
        options.forEach((key, value) -> given.put(key, plain(value.getAsJsonPrimitive())));
        return given;
    }

    private static Object plain(JsonPrimitive value) {
        if (value.isBoolean()) {
            return value.getAsBoolean();
        }
        return value.isNumber() ? value.getAsDouble() : value.getAsString();
    }

    /** Returns the runs of all fixtures. */
    static List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        fixtures()
                .forEach(
                        (file, fixture) -> {
                            for (Run run : fixture.runs) {
                                run.problem = fixture.problem;
                                run.file = file;
                                runs.add(run);
                            }
                        });
        return runs;
    }

    /** Returns some of the runs. */
    static List<Run> runs(Predicate<Run> wanted) {
        return runs().stream().filter(wanted).toList();
    }

    /** Returns the compressors' cases of all fixtures. */
    static List<Compression> compressions() {
        List<Compression> cases = new ArrayList<>();
        fixtures()
                .forEach(
                        (file, fixture) -> {
                            for (Compression compression : fixture.compressors.cases) {
                                compression.parameters = fixture.compressors.parameters;
                                compression.file = file;
                                cases.add(compression);
                            }
                        });
        return cases;
    }

    /** Reads the project's own fixture, and every other that {@code -Dparle.reference} names. */
    private static Map<String, Fixture> fixtures() {
        Map<String, Fixture> fixtures = new LinkedHashMap<>();
        try (Reader own =
                new InputStreamReader(
                        Reference.class.getResourceAsStream("/reference/trajectories.json"),
                        StandardCharsets.UTF_8)) {
            fixtures.put("own", new Gson().fromJson(own, Fixture.class));
            // surefire runs in the module's folder; the property is relative to the project's root
            Path folder =
                    Path.of("..")
                            .resolve(
                                    System.getProperty(
                                            "parle.reference", "../shared/reference/next"));
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file :
                            files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                        try (Reader reader = Files.newBufferedReader(file)) {
                            fixtures.put(
                                    file.getFileName().toString(),
                                    new Gson().fromJson(reader, Fixture.class));
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fixtures;
    }

    /** Says which entry differs, null where all agree to 1e-5·max(1, |expected|). */
    static String difference(double[] expected, float[] found) {
        if (expected.length != found.length) {
            return found.length + " entries instead of " + expected.length;
        }
        for (int i = 0; i < expected.length; i++) {
            double tolerance = 1e-5 * Math.max(1, Math.abs(expected[i]));
            if (!(Math.abs(expected[i] - found[i]) <= tolerance)) {
                return "entry " + i + " is " + found[i] + ", expected " + expected[i];
            }
        }
        return null;
    }
}
