package org.parle.djl.examples.command;

import org.parle.djl.Optimizer;
import org.parle.djl.algorithm.OptimizerProvider;
import org.parle.djl.examples.Command;
import org.parle.djl.examples.Command.Outcome;
import org.parle.djl.examples.option.OptimizerOptions;
import org.parle.djl.option.Option;
import org.testng.Assert;
import org.testng.annotations.Test;

/** What the command tells of optimizers. */
public class OptimizersTest {

    @Test
    public void shouldListEveryOptimizerWithEachOptionAsTyped() {
        Outcome all = Command.run("optimizers");
        Assert.assertEquals(all.code(), 0);
        for (OptimizerProvider provider : Optimizer.providers().values()) {
            String one = Command.run("optimizers", provider.name()).out();
            Assert.assertTrue(one.startsWith(provider.name() + ": "), one);
            Assert.assertTrue(all.out().contains(one), one);
            for (Option option : provider.options()) {
                Assert.assertTrue(one.contains("  " + OptimizerOptions.flag(option.name())), one);
                String value = option.range() + "; default " + option.defaultText();
                Assert.assertTrue(one.contains(value), one);
            }
        }
    }

    @Test
    public void shouldSpellOptionsAsACommandLineDoes() {
        Assert.assertEquals(OptimizerOptions.flag("outerLearningRate"), "--outer-learning-rate");
        Assert.assertEquals(
                OptimizerOptions.asTyped("syncEvery=auto follows gamma; rho must be 1, not alpha"),
                "--sync-every=auto follows gamma; --rho must be 1, not alpha");
    }

    @Test
    public void shouldOfferEveryOptionInTheHelp() {
        Outcome outcome = Command.run("train", "--help");
        Assert.assertEquals(outcome.code(), 0);
        for (OptimizerProvider provider : Optimizer.providers().values()) {
            for (Option option : provider.options()) {
                String flag = OptimizerOptions.flag(option.name());
                Assert.assertTrue(outcome.out().contains(" " + flag + "="), flag);
            }
        }
    }

    @Test
    public void shouldSayInTheHelpWhatAnOptionMayBe() {
        String help = Command.run("train", "--help").out().replaceAll("\\s+", " ");
        Assert.assertTrue(
                help.contains(
                        "one of consensus, delayed-consensus, momentum, proximal;"
                                + " default consensus) [parle]"),
                help);
        // Entropy-SGD's default is another one than Parle's
        Assert.assertTrue(help.contains("(a number from 0 to 1) [entropy-sgd, parle]"), help);
    }

    @Test
    public void shouldHideFromTheHelpWhatDoesNotApply() {
        String help = Command.run("tune-consensus", "--help").out();
        Assert.assertTrue(help.contains(" --compressor="), help);
        Assert.assertFalse(help.contains("--coupling"), help);
        Assert.assertFalse(help.contains("--consensus-step="), help);
    }
}
