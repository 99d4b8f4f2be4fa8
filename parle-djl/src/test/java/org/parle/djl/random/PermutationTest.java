package org.parle.djl.random;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

public class PermutationTest {

    @Test
    public void shouldHoldEveryNumberOnce() {
        for (int size : new int[] {1, 2, 3, 7, 10, 128, 129, 1000, 60_000}) {
            Permutation permutation = new Permutation(size, size);
            int[] sorted = IntStream.range(0, size).map(permutation::at).sorted().toArray();
            Assert.assertEquals(sorted, IntStream.range(0, size).toArray(), "size " + size);
        }
    }

    @Test
    public void shouldGiveEveryOrderOfFourAboutEquallyOften() {
        Map<String, Integer> counts = new HashMap<>();
        for (int key = 0; key < 24_000; key++) {
            int[] order = IntStream.range(0, 4).map(new Permutation(4, key)::at).toArray();
            counts.merge(Arrays.toString(order), 1, Integer::sum);
        }
        Assert.assertEquals(counts.size(), 24);
        counts.forEach((order, n) -> Assert.assertEquals(n, 1000, 250, order + " came " + n));
    }

    @Test
    public void shouldPutEachItemInEachTenthAboutEquallyOften() {
        int[][] counts = new int[50][10];
        for (int key = 0; key < 5000; key++) {
            Permutation permutation = new Permutation(50, RandomStream.key(key));
            for (int i = 0; i < 50; i++) {
                counts[permutation.at(i)][i / 5]++;
            }
        }
        for (int[] item : counts) {
            for (int count : item) {
                Assert.assertEquals(count, 500, 110);
            }
        }
    }

    @Test
    public void shouldLeaveNoNeighboursTogether() {
        Permutation permutation = new Permutation(60_000, 7);
        long together =
                IntStream.range(1, 60_000)
                        .filter(i -> Math.abs(permutation.at(i) - permutation.at(i - 1)) == 1)
                        .count();
        Assert.assertTrue(together < 15, together + " pairs where 2 are expected");
    }
}
