package org.parle.djl.option;

import org.testng.Assert;
import org.testng.annotations.Test;

public class CountedTest {

    @Test
    public void shouldSayOneAndMany() {
        Assert.assertEquals(Counted.of(1, "image"), "1 image");
        Assert.assertEquals(Counted.of(0, "image"), "0 images");
        Assert.assertEquals(Counted.of(2, "class"), "2 classes");
        Assert.assertEquals(Counted.of(1, "class"), "1 class");
        Assert.assertEquals(Counted.of(3, "batch"), "3 batches");
    }
}
