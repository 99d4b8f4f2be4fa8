package org.parle.djl.compress;

import ai.djl.ndarray.types.Shape;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A compressor with options, as the contract is tested with.
 *
 * @param name the compressor
 * @param options its options
 */
record Examples(String name, Map<String, ?> options) {

    static final Draws DRAWS = Draws.seeded(17);

    static List<Examples> all() {
        return List.of(
                named("none"),
                named("sign"),
                // a third party's
                named("upper-halves"),
                named("top-k"),
                new Examples("top-k", Map.of("keep", 0.3)),
                new Examples("top-k", Map.of("keep", 1)),
                named("random-k"),
                new Examples("random-k", Map.of("keep", 0.5)),
                new Examples("random-k", Map.of("keep", 0.7, "biased", false)),
                new Examples("random-k", Map.of("keep", 1, "biased", false)),
                named("qsgd"),
                new Examples("qsgd", Map.of("bits", 1, "biased", false)),
                new Examples("qsgd", Map.of("bits", 2)),
                new Examples("qsgd", Map.of("bits", 8, "biased", false)),
                new Examples("qsgd", Map.of("bits", 13)));
    }

    static Set<String> names() {
        Set<String> names = new TreeSet<>();
        all().forEach(x -> names.add(x.name));
        return names;
    }

    static Examples named(String name) {
        return new Examples(name, Map.of());
    }

    Compressor compressor() {
        return Compressors.named(name, options);
    }

    MessageCodec codec(int[] sizes) {
        return new MessageCodec(compressor(), sizes, DRAWS);
    }

    /** The bits of a tensor as the documented table has them. */
    long bits(long d) {
        long k = (long) Math.max(1, Math.floor(number("keep", 0.01) * d + 1e-9));
        return switch (name) {
            case "none" -> 32 * d;
            case "sign" -> 32 + d;
            case "upper-halves" -> 16 * d;
            case "top-k" -> k * (32 + (long) Math.ceil(Math.log(d) / Math.log(2) - 1e-9));
            case "random-k" -> 32 * k;
            case "qsgd" -> 32 + d * ((long) number("bits", 4) + 1);
            default -> throw new AssertionError("no bits known of " + name);
        };
    }

    /** Whether the error depends on draws. */
    boolean random() {
        return name.equals("random-k") || name.equals("qsgd");
    }

    /** Whether a biased Q(u) is a scaled one. */
    boolean scaled() {
        return name.equals("qsgd") && !Boolean.FALSE.equals(options.get("biased"));
    }

    private double number(String option, double byDefault) {
        Object value = options.get(option);
        return value == null ? byDefault : ((Number) value).doubleValue();
    }

    static Shape shape(int[] sizes) {
        return new Shape(Arrays.stream(sizes).sum());
    }

    /** Normal numbers of other magnitude in each tensor, some of them 0 or equal. */
    static float[] vector(int[] sizes, long seed) {
        Random random = new Random(seed);
        float[] values = new float[Arrays.stream(sizes).sum()];
        int at = 0;
        for (int size : sizes) {
            double scale = Math.pow(10, random.nextInt(9) - 4);
            for (int i = 0; i < size; i++) {
                double value = scale * random.nextGaussian();
                int kind = random.nextInt(20);
                values[at++] = (float) (kind == 0 ? 0 : kind == 1 ? scale : value);
            }
        }
        return values;
    }

    /** What arrives: read-only memory elsewhere. */
    static ByteBuffer carry(ByteBuffer message) {
        ByteBuffer copy = ByteBuffer.allocate(message.remaining());
        copy.put(message.duplicate()).flip();
        return copy.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public String toString() {
        return name + options;
    }
}
