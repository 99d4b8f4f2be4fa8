package org.parle.djl.compress;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finding compressors by their names. */
public class CompressorsTest {

    private static String refusal(String name, Map<String, ?> options) {
        return Assert.expectThrows(
                        IllegalArgumentException.class, () -> Compressors.named(name, options))
                .getMessage();
    }

    @Test
    public void shouldFindAllByName() {
        Assert.assertEquals(
                Compressors.providers().keySet(),
                Set.of("none", "qsgd", "random-k", "sign", "top-k", "upper-halves"));
        Compressors.providers()
                .forEach(
                        (name, provider) -> {
                            Assert.assertEquals(provider.name(), name);
                            Assert.assertFalse(provider.summary().isEmpty());
                        });
    }

    @Test
    public void shouldSuggestTheNearestName() {
        Assert.assertEquals(
                refusal("topk", Map.of()),
                "no compressor is called \"topk\": did you mean \"top-k\"?");
        Assert.assertEquals(
                refusal("top-k", Map.of("kep", 0.1)),
                "top-k has no option \"kep\": did you mean \"keep\"?");
    }

    @Test
    public void shouldRefuseOptionsOutOfRange() {
        Assert.assertEquals(
                refusal("top-k", Map.of("keep", 0)), "keep must be a number above 0 to 1, not 0");
        Assert.assertEquals(
                refusal("qsgd", Map.of("bits", 0)),
                "bits must be a whole number from 1 to 16, not 0");
    }

    @Test
    public void shouldHaveTheDefaultsOfTheTable() {
        Assert.assertEquals(Compressors.named("top-k", Map.of()).delta(1000), 0.01);
        Assert.assertEquals(Compressors.named("random-k", Map.of()).delta(1000), 0.01);
        Assert.assertEquals(
                Compressors.named("qsgd", Map.of()).delta(400),
                Compressors.named("qsgd", Map.of("bits", 4, "biased", true)).delta(400));
        // min(400/225, 20/15) = 4/3
        Assert.assertEquals(Compressors.named("qsgd", Map.of()).delta(400), 3.0 / 7, 1e-12);
    }

    @Test
    public void shouldKeepWholeNumbersThatDoublesMiss() {
        // 0.29 * 100 is 28.999999999999996
        Compressor topK = Compressors.named("top-k", Map.of("keep", 0.29));
        Assert.assertEquals(topK.bits(100), 29 * (32 + 7));
        Assert.assertEquals(topK.bits(1), 32);
        for (int d : List.of(2, 3, 4, 5, 1024, 1025)) {
            int index = Integer.toBinaryString(d - 1).length();
            Assert.assertEquals(
                    Compressors.named("top-k", Map.of("keep", 1)).bits(d), (long) d * (32 + index));
        }
    }
}
