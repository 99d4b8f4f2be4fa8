package org.parle.djl.random;

import org.parle.djl.compress.Draws;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.Arrays;
import java.util.stream.IntStream;

/** A run of today must draw what it drew yesterday: the numbers were written down then. */
public class GoldenNumbersTest {

    @Test
    public void shouldMixSeedsAsEver() {
        Assert.assertEquals(Seeds.mix(0, 0, 0), 2558736989570252433L);
        Assert.assertEquals(Seeds.mix(1, 2, 3), 7702586659592502839L);
        Assert.assertEquals(Seeds.mix(-1, 5, 1L << 40), -8777934713956069505L);
        Assert.assertEquals(Seeds.mix(Long.MIN_VALUE, 7, -9), 8077903942400745017L);
        long hash = 0;
        for (int i = 0; i < 1000; i++) {
            for (int j = 0; j < 10; j++) {
                hash = hash * 31 + Seeds.mix(i, j, i * 7L - j);
            }
        }
        Assert.assertEquals(hash, 5399925185010370853L);
    }

    @Test
    public void shouldMakeKeysAsEver() {
        Assert.assertEquals(RandomStream.key(), -7046029254386353131L);
        Assert.assertEquals(RandomStream.key(5), -4511610412207698328L);
        Assert.assertEquals(RandomStream.key(1, -2, 3), -9075710536447968292L);
    }

    @Test
    public void shouldDrawAsEver() {
        RandomStream draws = new RandomStream(1, 2, 3);
        Assert.assertEquals(draws.next(), 8311719368961267974L);
        Assert.assertEquals(draws.next(), -7813156668233599642L);
        Assert.assertEquals(draws.below(10), 2);
        Assert.assertEquals(draws.below(1000000), 75857);
        Assert.assertEquals(draws.uniform(), 0.5713105357845848);
        Assert.assertEquals(draws.between(-1, 3), 1.3915822861883824);
        Assert.assertEquals(draws.normal(), 1.110853446028735);
        Assert.assertEquals(draws.roughlyNormal(), 0.8314298455094804);
        RandomStream more = new RandomStream(9);
        long hash = 0;
        for (int i = 0; i < 1000; i++) {
            hash =
                    hash * 31
                            + (more.next()
                                    ^ Double.doubleToLongBits(more.normal())
                                    ^ Double.doubleToLongBits(more.roughlyNormal())
                                    ^ more.below(77)
                                    ^ Double.doubleToLongBits(more.between(2, 5)));
        }
        Assert.assertEquals(hash, 1668504351367257446L);
    }

    @Test
    public void shouldPermuteAsEver() {
        Permutation ten = new Permutation(10, 42);
        Assert.assertEquals(
                IntStream.range(0, 10).map(ten::at).toArray(),
                new int[] {6, 1, 5, 4, 2, 3, 8, 7, 9, 0});
        Permutation many = new Permutation(60_000, -3);
        long hash = 0;
        for (int i = 0; i < 60_000; i++) {
            hash = hash * 31 + many.at(i);
        }
        Assert.assertEquals(hash, -4798427807789799124L);
    }

    @Test
    public void shouldDrawForCompressorsAsEver() {
        double[] draws = new double[16];
        long hash = 0;
        for (int i = 0; i < 100; i++) {
            Draws.seeded(i * 1000003L - 5).of(i % 7, i * 3L, i % 5).fill(i, draws, 16);
            hash = hash * 31 + Arrays.hashCode(draws);
        }
        Assert.assertEquals(hash, 6242710073774856162L);
    }
}
