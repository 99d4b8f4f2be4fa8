package org.parle.djl.compress;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.Arrays;

/** The draws, and the indices made of them. */
public class DrawsTest {

    private static double[] draw(Draws draws, int sender, long step, int tensor, int length) {
        double[] drawn = new double[length];
        draws.of(sender, step, tensor).fill(0, drawn, length);
        return drawn;
    }

    @Test
    public void shouldDrawUniformly() {
        int length = 1 << 20;
        double[] drawn = draw(Draws.seeded(3), 1, 2, 3, length);
        int[] bins = new int[256];
        double correlation = 0;
        for (int i = 0; i < length; i++) {
            Assert.assertTrue(drawn[i] >= 0 && drawn[i] < 1);
            bins[(int) (256 * drawn[i])]++;
            correlation += (drawn[i] - 0.5) * (drawn[(i + 1) % length] - 0.5);
        }
        // 255 degrees of freedom: 99.99% lie between
        double chi = 0;
        for (int bin : bins) {
            chi += Math.pow(bin - length / 256.0, 2) / (length / 256.0);
        }
        Assert.assertTrue(chi > 177 && chi < 348, "chi squared " + chi);
        Assert.assertEquals(12 * correlation / length, 0, 4 / Math.sqrt(length));
    }

    /** Each argument changes every draw, and neighbours have nothing to do with each other. */
    @Test
    public void shouldDrawOtherwiseForOtherArguments() {
        int length = 1 << 16;
        double[][] streams = {
            draw(Draws.seeded(3), 1, 2, 3, length),
            draw(Draws.seeded(4), 1, 2, 3, length),
            draw(Draws.seeded(3), 2, 2, 3, length),
            draw(Draws.seeded(3), 1, 3, 3, length),
            draw(Draws.seeded(3), 1, 2, 4, length),
            draw(Draws.seeded(3), 2, 1, 3, length)
        };
        for (double[] a : streams) {
            for (double[] b : streams) {
                if (a != b) {
                    double correlation = 0;
                    for (int i = 0; i < length; i++) {
                        correlation += (a[i] - 0.5) * (b[i] - 0.5);
                    }
                    Assert.assertEquals(12 * correlation / length, 0, 4 / Math.sqrt(length));
                }
            }
        }
    }

    @Test
    public void shouldDrawTheSameFromAnyPlace() {
        Draws.Sequence sequence = Draws.seeded(3).of(1, 2, 3);
        double[] all = draw(Draws.seeded(3), 1, 2, 3, 100);
        double[] later = new double[50];
        sequence.fill(40, later, 30);
        Assert.assertEquals(Arrays.copyOf(later, 30), Arrays.copyOfRange(all, 40, 70));
        Assert.assertEquals(later[30], 0);
    }

    /** Chosen once: a message of another version must not be read with other draws. */
    @Test
    public void shouldKeepItsNumbers() {
        double[] drawn = draw(Draws.seeded(3), 1, 2, 3, 2);
        Assert.assertEquals(drawn[0], 0.10748853581026196);
        Assert.assertEquals(drawn[1], 0.6376710226759315);
    }

    @Test
    public void shouldDrawEachIndexEquallyOften() {
        int d = 130;
        int k = 13;
        int times = 20000;
        IndexDraw indices = new IndexDraw();
        int[] counts = new int[d];
        for (int step = 0; step < times; step++) {
            long[] words = indices.draw(k, d, Draws.seeded(5).of(0, step, 0));
            int found = 0;
            for (int i = 0; i < d; i++) {
                int in = (int) (words[i >>> 6] >>> i & 1);
                counts[i] += in;
                found += in;
            }
            Assert.assertEquals(found, k);
        }
        double expected = (double) times * k / d;
        for (int i = 0; i < d; i++) {
            Assert.assertEquals(counts[i], expected, 5 * Math.sqrt(expected), "index " + i);
        }
    }

    @Test
    public void shouldFindAllIndicesWhateverTheDraws() {
        IndexDraw indices = new IndexDraw();
        for (double draw : new double[] {0, 0.5, 1}) {
            Draws.Sequence same = (from, draws, length) -> Arrays.fill(draws, draw);
            for (int d : new int[] {1, 2, 64, 65, 3000}) {
                for (int k : new int[] {1, d / 2, d}) {
                    long[] words = indices.draw(k, d, same);
                    int found = 0;
                    for (int i = 0; i < (d + 63) / 64; i++) {
                        found += Long.bitCount(words[i]);
                    }
                    Assert.assertEquals(found, k);
                }
            }
        }
    }
}
