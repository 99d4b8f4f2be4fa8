package org.parle.djl.vector;

import ai.djl.ndarray.types.Shape;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.List;

/** Of shapes only: no memory is needed for the largest. */
public class LayoutTest {

    @Test
    public void shouldLayOutTwoToTheThirtyOneMinusOne() {
        Layout longest =
                new Layout(
                        List.of("most", "rest"),
                        List.of(new Shape(1 << 15, (1 << 16) - 1), new Shape((1 << 15) - 1)));
        Assert.assertEquals(longest.size(), Integer.MAX_VALUE);
        Assert.assertEquals(
                longest.offsets(), new long[] {0, Integer.MAX_VALUE - 32_767, Integer.MAX_VALUE});
    }

    @Test
    public void shouldRefuseMoreAndNameTheLargest() {
        List<Shape> shapes = List.of(new Shape(1), new Shape(1 << 16, 1 << 15));
        var e =
                Assert.expectThrows(
                        IllegalArgumentException.class,
                        () -> new Layout(List.of("bias", "embedding"), shapes));
        Assert.assertEquals(
                e.getMessage(),
                "the model has 2,147,483,649 trained values, of which \"embedding\" has"
                        + " 2,147,483,648; replicas of up to 2,147,483,647 can be coupled: freeze"
                        + " what need not be trained");
    }
}
