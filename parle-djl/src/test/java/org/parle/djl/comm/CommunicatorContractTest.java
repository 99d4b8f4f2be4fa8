package org.parle.djl.comm;

import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.List;
import java.util.concurrent.Phaser;

/** Every implementation keeps the contract. */
public class CommunicatorContractTest {

    @DataProvider
    public Object[][] groups() {
        return new Object[][] {
            {"solo", List.of(new Solo())},
            {"local of 1", Ranks.local(1)},
            {"local of 2", Ranks.local(2)},
            {"local of 3", Ranks.local(3)},
            {"local of 4", Ranks.local(4)},
            {"local of 7", Ranks.local(7)},
            {"2 processes of 2", Ranks.hybrid(2, 2)},
            {"3 processes of 1", Ranks.hybrid(3, 1)},
            {"1 process of 3", Ranks.hybrid(1, 3)},
            {"3 processes of 2", Ranks.hybrid(3, 2)},
        };
    }

    @Test(dataProvider = "groups")
    public void shouldKeepTheContract(String name, List<Communicator> group) {
        Ranks.run(group, CommunicatorContract::checkOwn);
    }

    @Test(dataProvider = "groups", timeOut = 120_000)
    public void shouldKeepTheContractOfFailures(String name, List<Communicator> group) {
        Ranks.run(group, CommunicatorContract::checkFailure);
    }

    @Test(dataProvider = "groups", timeOut = 120_000)
    public void shouldLetAReplicaLeaveThatHasMadeItsCalls(String name, List<Communicator> group) {
        Phaser all = new Phaser(group.size());
        Ranks.run(
                group,
                communicator ->
                        CallsContract.checkLeaving(communicator, all::arriveAndAwaitAdvance));
    }

    @Test(timeOut = 120_000)
    public void shouldCompareMoreThanTheLengthOfAVector() {
        Ranks.run(Ranks.local(3), CallsContract::checkDifferentNumbers);
        Ranks.run(Ranks.hybrid(3, 1), CallsContract::checkDifferentNumbers);
    }

    @DataProvider
    public Object[][] severals() {
        return new Object[][] {
            {Ranks.local(3), true},
            {Ranks.local(3), false},
            {Ranks.hybrid(3, 1), true},
            {Ranks.hybrid(3, 1), false},
            {Ranks.hybrid(2, 2), true},
            {Ranks.hybrid(2, 2), false}
        };
    }

    @Test(dataProvider = "severals")
    public void shouldCompareLengthsBeforeAnythingMoves(
            List<Communicator> group, boolean broadcast) {
        Ranks.run(
                group,
                communicator ->
                        CommunicatorContract.checkDifferentLengths(communicator, broadcast));
    }
}
