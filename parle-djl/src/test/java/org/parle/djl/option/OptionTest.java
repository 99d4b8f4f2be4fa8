package org.parle.djl.option;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What options say of themselves, take and refuse. */
public class OptionTest {

    private static final Option RATE = Option.number("rate", "how fast");
    private static final Option COUNT = Option.integer("count", "how many").from(1).upTo(10);
    private static final Option ORDER = Option.choice("order", "which first", "before", "after");

    @DataProvider
    public Object[][] ranges() {
        return new Object[][] {
            {RATE, "a number"},
            {RATE.from(0), "a number from 0"},
            {RATE.above(0).below(1), "a number above 0 and below 1"},
            {RATE.from(-0.5).upTo(1), "a number from -0.5 to 1"},
            {RATE.below(1e-3), "a number and below 0.001"},
            {COUNT, "a whole number from 1 to 10"},
            {COUNT.orWord("auto"), "a whole number from 1 to 10, or auto"},
            {Option.flag("loud", "says more"), "true or false"},
            {ORDER, "one of before, after"},
            {Option.text("lr", "a schedule", "a number or steps"), "a number or steps"},
        };
    }

    @Test(dataProvider = "ranges")
    public void shouldSayWhatIsAllowed(Option option, String range) {
        Assert.assertEquals(option.range(), range);
    }

    @DataProvider
    public Object[][] values() {
        return new Object[][] {
            {RATE, " 0.5 ", 0.5},
            {RATE.from(0), 0, 0.0},
            {RATE.above(0).upTo(1), 1, 1.0},
            {COUNT, 10.0, 10},
            {COUNT.orWord("auto"), "auto", "auto"},
            {Option.flag("loud", "says more"), true, true},
            {ORDER, "after", "after"},
            {Option.text("lr", "a schedule", "anything"), 3, "3"},
        };
    }

    @Test(dataProvider = "values")
    public void shouldTakeWhatIsAllowed(Option option, Object given, Object value) {
        Assert.assertEquals(option.parse(given), value);
    }

    @DataProvider
    public Object[][] refusals() {
        return new Object[][] {
            {RATE, "fast", "rate must be a number, not fast"},
            {RATE, Double.NaN, "rate must be a number, not NaN"},
            {RATE.above(0), 0, "rate must be a number above 0, not 0"},
            {RATE.below(1), 1, "rate must be a number and below 1, not 1"},
            {COUNT, 2.5, "count must be a whole number from 1 to 10, not 2.5"},
            {COUNT, 11, "count must be a whole number from 1 to 10, not 11"},
            {COUNT, null, "count must be a whole number from 1 to 10, not null"},
            {Option.flag("loud", "says more"), "yes", "loud must be true or false, not yes"},
            {ORDER, "middle", "order must be one of before, after, not middle"},
            {
                ORDER,
                "beforr",
                "order must be one of before, after, not beforr; did you mean \"before\"?"
            },
        };
    }

    @Test(dataProvider = "refusals")
    public void shouldRefuseWhatIsNot(Option option, Object given, String message) {
        IllegalArgumentException e =
                Assert.expectThrows(IllegalArgumentException.class, () -> option.parse(given));
        Assert.assertEquals(e.getMessage(), message);
    }

    @Test
    public void shouldTellItsDefault() {
        Assert.assertEquals(RATE.defaultText(), "required");
        Assert.assertEquals(RATE.byDefault(2.0).defaultText(), "2");
        Assert.assertEquals(RATE.byDefault(2).defaultValue(), 2.0);
        Assert.assertEquals(RATE.byDefault(2).derived("1/n").defaultText(), "1/n");
        Assert.assertNull(RATE.byDefault(2).derived("1/n").defaultValue());
        Assert.assertThrows(IllegalArgumentException.class, () -> COUNT.byDefault(0));
    }

    @Test
    public void shouldLeaveAnOptionAsItIs() {
        Option changed = RATE.meaning("anew").from(3).byDefault(4);
        Assert.assertEquals(changed.meaning(), "anew");
        Assert.assertEquals(changed.name(), "rate");
        Assert.assertEquals(RATE, Option.number("rate", "how fast"));
    }
}
