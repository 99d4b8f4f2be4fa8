package org.parle.djl.algorithm;

import ai.djl.ndarray.types.Shape;

import org.parle.djl.vector.Layout;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.util.List;

/** What a compressor is given of parameters of any length; of shapes only. */
public class PartsTest {

    private static final int MOST = 1 << 28;

    private static int[] sizes(Shape... shapes) {
        List<String> names = List.of("a", "b", "c").subList(0, shapes.length);
        return Compression.sizes(new Layout(names, List.of(shapes)));
    }

    @Test
    public void shouldGiveParametersAsTheyAre() {
        Assert.assertEquals(
                sizes(new Shape(3, 4), new Shape(), new Shape(MOST)), new int[] {12, 1, MOST});
    }

    @Test
    public void shouldCutWhatIsLonger() {
        Assert.assertEquals(
                sizes(new Shape(7), new Shape(30_000, 20_000), new Shape(5)),
                new int[] {7, MOST, MOST, 600_000_000 - 2 * MOST, 5});
        Assert.assertEquals(sizes(new Shape(2, MOST)), new int[] {MOST, MOST});
        Assert.assertEquals(Compression.largest(layout(new Shape(30_000, 20_000))), MOST);
    }

    private static Layout layout(Shape shape) {
        return new Layout(List.of("a"), List.of(shape));
    }
}
