package org.parle.djl.comm;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.time.Duration;

/** What a transport waits for at the end. */
public class RunningTest {

    @Test
    public void shouldWaitForWorkThatEndsAndNotForEver() {
        Running work = Running.begin();
        Assert.assertFalse(Running.awaitEnd(Duration.ofMillis(20)));
        new Thread(
                        () -> {
                            work.close();
                            work.close();
                        })
                .start();
        Assert.assertTrue(Running.awaitEnd(Duration.ofSeconds(60)));
    }
}
