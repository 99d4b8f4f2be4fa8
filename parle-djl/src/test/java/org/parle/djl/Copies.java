package org.parle.djl;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Class loaders that have a copy of the library's classes of their own, as some servers make. */
final class Copies {

    private Copies() {}

    /** Returns a loader of all that is on the class path, none of it shared with this JVM's own. */
    static URLClassLoader ofTheClassPath() throws IOException {
        List<URL> entries = new ArrayList<>();
        for (String entry : Jvm.classPath(any -> true).split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toUri().toURL());
        }
        return new URLClassLoader(
                entries.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
