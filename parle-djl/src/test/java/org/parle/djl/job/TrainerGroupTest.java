package org.parle.djl.job;

import org.parle.djl.comm.CommunicationException;
import org.testng.Assert;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

import java.time.Duration;

/** A body that closes its trainer while another goes on is told of, whichever looks first. */
public class TrainerGroupTest {

    private TrainerGroup first;
    private TrainerGroup second;

    @BeforeMethod
    public void begin() {
        Session session = Session.begin(2, Duration.ofMinutes(1), null);
        first = session.group(0, 1, 0);
        second = session.group(0, 1, 1);
    }

    @Test
    public void shouldTellTheOneThatGoesOn() {
        second.closing(2);
        first.begin(2);
        tells(() -> first.begin(3));
        tells(() -> first.stepping(3));
    }

    /** It may be waiting for the others in that step already. */
    @Test
    public void shouldTellTheOneThatCloses() {
        first.stepping(3);
        tells(() -> second.closing(2));
    }

    @Test
    public void shouldLetAllCloseAfterTheSameStep() {
        first.stepping(3);
        second.stepping(3);
        first.closing(3);
        second.closing(3);
    }

    /** A forward pass alone is no step: it may be one replica's only. */
    @Test
    public void shouldNotCountForwardPasses() {
        first.stepping(3);
        first.begin(4);
        second.closing(3);
    }

    private static void tells(Assert.ThrowingRunnable looks) {
        Assert.assertEquals(
                Assert.expectThrows(CommunicationException.class, looks).getMessage(),
                TrainerGroup.closed(1, 2, 0));
    }
}
