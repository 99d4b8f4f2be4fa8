package org.parle.djl;

import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.util.List;
import java.util.Map;

/** Long runs in a short form; {@code bench/endurance.sh} has them whole. */
public class EnduranceTest {

    @DataProvider
    public Object[][] kinds() {
        return new Object[][] {
            {"steps", "replicas", 3000},
            {"steps", "plain", 3000},
            {"trainers", "replicas", 30},
            {"trainers", "plain", 30},
            {"runs", "replicas", 30},
        };
    }

    @Test(dataProvider = "kinds")
    public void shouldHoldNoMoreInTheEnd(String kind, String way, int count) throws Exception {
        String text =
                Jvm.start(
                                Jvm.classPath(entry -> true),
                                Map.of("OMP_NUM_THREADS", "1"),
                                List.of("-Xmx128m"),
                                EnduranceMain.class,
                                kind,
                                way,
                                count)
                        .await(true, 5);
        Assert.assertTrue(text.contains("threads from the first to the last"), text);
        System.out.println(text.substring(text.lastIndexOf(kind)).strip());
    }
}
