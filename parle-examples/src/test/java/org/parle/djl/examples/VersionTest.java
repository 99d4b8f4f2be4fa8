package org.parle.djl.examples;

import org.parle.djl.Optimizer;
import org.testng.Assert;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** What a jar says of itself. */
public class VersionTest {

    @Test
    public void shouldFindTheVersionOfTheLibraryInItsJar() {
        String place =
                Optimizer.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        if (!place.endsWith(".jar")) {
            throw new SkipException("not packed: mvn verify does");
        }
        // replicas of different versions are told apart by it
        String version = Optimizer.class.getPackage().getImplementationVersion();
        Assert.assertNotNull(version, place);
        Assert.assertTrue(place.endsWith("-" + version + ".jar"), version + " in " + place);
    }
}
