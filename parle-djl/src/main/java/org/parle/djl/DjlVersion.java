package org.parle.djl;

import ai.djl.engine.Engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which versions of DJL will do. */
final class DjlVersion {

    /** Older ones lack classes that are named here. */
    private static final int OLDEST = 28;

    private static final Pattern RELEASE = Pattern.compile("0\\.(\\d{1,4})\\..*");

    private DjlVersion() {}

    /** Refuses a DJL that is too old, before a class of its that is missing is named. */
    static void check() {
        Matcher release = RELEASE.matcher(Engine.getDjlVersion());
        if (release.matches() && Integer.parseInt(release.group(1)) < OLDEST) {
            throw new IllegalStateException(
                    "this library needs DJL 0."
                            + OLDEST
                            + ".0 or newer, and this is "
                            + Engine.getDjlVersion()
                            + ": name a newer ai.djl:api and ai.djl.pytorch:pytorch-engine in the"
                            + " project's dependencies");
        }
    }
}
