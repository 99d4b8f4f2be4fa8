package org.parle.djl.compress;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.Arrays;
import java.util.Map;

/** What a codec refuses before any memory is taken; of sizes only. */
public class MessageCodecTest {

    private static final int MOST = MessageCodec.MOST_ENTRIES;

    private static MessageCodec codec(String name, Map<String, ?> options, int... sizes) {
        return new MessageCodec(Compressors.named(name, options), sizes, Draws.seeded(1));
    }

    @DataProvider
    public Object[][] tooLong() {
        int[] two = {MOST, MOST};
        int[] nine = new int[9];
        Arrays.fill(nine, MOST);
        return new Object[][] {
            {"none", Map.of(), two, "2147483648 bytes"},
            {"qsgd", Map.of("bits", 7), nine, "2415919140 bytes"},
        };
    }

    @Test(dataProvider = "tooLong")
    public void shouldRefuseAMessageAboveTwoGibibytesWithItsLength(
            String name, Map<String, ?> options, int[] sizes, String length) {
        var e =
                Assert.expectThrows(
                        IllegalArgumentException.class, () -> codec(name, options, sizes));
        Assert.assertTrue(e.getMessage().contains("would be " + length), e.getMessage());
    }

    @Test
    public void shouldTakeTheLongestModelIfItsMessageIsShort() {
        int[] sizes = new int[8];
        Arrays.fill(sizes, MOST);
        sizes[7]--;
        try (MessageCodec codec = codec("sign", Map.of(), sizes)) {
            Assert.assertEquals(codec.bits(), 8 * 32L + Integer.MAX_VALUE);
            Assert.assertEquals(codec.bytes(), 32 + (1 << 28));
        }
    }

    @Test
    public void shouldRefuseTensorsThatNoBufferHolds() {
        for (int size : new int[] {0, MOST + 1}) {
            var e =
                    Assert.expectThrows(
                            IllegalArgumentException.class, () -> codec("sign", Map.of(), 3, size));
            Assert.assertTrue(e.getMessage().contains("tensor 1 has " + size), e.getMessage());
        }
    }
}
