package org.parle.djl.data;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ShardingTest {

    @DataProvider
    public Object[][] texts() {
        return new Object[][] {
            {"full"}, {"disjoint"}, {"reshuffled"}, {"fraction=0.5"}, {"dirichlet=0.1"}, {"sorted"}
        };
    }

    @Test(dataProvider = "texts")
    public void shouldReadWhatItWrites(String text) {
        Assert.assertEquals(Sharding.parse(text).toString(), text);
        Assert.assertEquals(Sharding.parse(" " + text), Sharding.parse(text));
    }

    @DataProvider
    public Object[][] bad() {
        return new Object[][] {
            {"disjont", "did you mean \"disjoint\"?"},
            {"fractions=0.5", "did you mean \"fraction\"?"},
            {"", "there are full, disjoint, reshuffled, fraction, dirichlet, sorted"},
            {"fraction", "\"fraction\" needs a number in (0, 1]"},
            {"fraction=half", "\"fraction=half\" needs a number in (0, 1]"},
            {"fraction=0", "at most 1, got 0.0"},
            {"fraction=1.5", "at most 1, got 1.5"},
            {"fraction=NaN", "at most 1, got NaN"},
            {"dirichlet=", "needs a number above 0"},
            {"dirichlet=-1", "greater than 0 and finite, got -1.0"},
            {"dirichlet=Infinity", "greater than 0 and finite, got Infinity"},
            {"sorted=1", "sorted takes no number, got \"sorted=1\""},
        };
    }

    @Test(dataProvider = "bad")
    public void shouldSayWhatIsWrong(String text, String message) {
        IllegalArgumentException e =
                Assert.expectThrows(IllegalArgumentException.class, () -> Sharding.parse(text));
        Assert.assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
