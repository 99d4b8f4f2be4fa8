package org.parle.djl.comm;

import org.testng.SkipException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

/** The contract between processes of real mpirun. */
public class MpiContractTest {

    @DataProvider
    public Object[][] jobs() {
        return new Object[][] {{2, 1, 1 << 28}, {3, 1, 1 << 28}, {4, 1, 300_000}, {2, 2, 1 << 28}};
    }

    @Test(dataProvider = "jobs")
    public void shouldKeepTheContract(int processes, int local, int piece) throws Exception {
        String path = System.getenv("PATH");
        if (Stream.of(path.split(File.pathSeparator))
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, "mpirun")))) {
            throw new SkipException("mpirun is not installed: parle-djl/mpi/setup.sh installs it");
        }
        Path output = Files.createTempFile("parle-mpi", ".txt");
        Process job = start(processes, local, piece, output);
        try {
            assertTrue(job.waitFor(120, TimeUnit.SECONDS), "the job hangs");
            String text = Files.readString(output);
            assertEquals(job.exitValue(), 0, text);
            assertEquals(text.split("keeps the contract", -1).length - 1, processes, text);
        } finally {
            job.destroy();
            Files.delete(output);
        }
    }

    private static Process start(int processes, int local, int piece, Path output)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "mpirun",
                        "--allow-run-as-root",
                        "--oversubscribe",
                        "--bind-to",
                        "none",
                        "-n",
                        String.valueOf(processes),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.library.path=/usr/lib/x86_64-linux-gnu",
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        MpiContractMain.class.getName(),
                        String.valueOf(local),
                        String.valueOf(piece));
        return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }
}
