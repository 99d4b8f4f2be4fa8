package org.parle.djl.job;

import org.parle.djl.comm.CommunicationException;
import org.testng.Assert;
import org.testng.annotations.Test;

import java.time.Duration;

/** What the bodies of one process share. */
public class SessionTest {

    /** Who closed his trainer is known until all have, and then nothing is kept. */
    @Test
    public void shouldForgetTrainersThatAllHaveClosed() {
        Session session = Session.begin(2, Duration.ofSeconds(10), null);
        TrainerGroup first = session.group(0, 1, 0);
        TrainerGroup second = session.group(0, 1, 1);
        first.closing(1);
        first.close();
        second.begin(1);
        CommunicationException e =
                Assert.expectThrows(CommunicationException.class, () -> second.begin(2));
        Assert.assertEquals(e.getMessage(), TrainerGroup.closed(0, 1, 1));
        second.close();
        session.group(0, 1, 0).begin(2);
    }
}
