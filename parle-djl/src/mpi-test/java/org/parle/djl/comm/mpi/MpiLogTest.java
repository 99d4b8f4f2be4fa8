package org.parle.djl.comm.mpi;

import org.parle.djl.MpiJob;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

/** A job that fails has written its last lines, also those that waited in a log's buffer. */
public class MpiLogTest {

    private static final String LOG4J =
            """
            <Configuration>
              <Appenders>
                <File name="file" bufferedIO="true" immediateFlush="false"
                  fileName="${sys:log.folder}/log4j.${env:OMPI_COMM_WORLD_RANK}">
                  <PatternLayout pattern="%m%n"/>
                </File>
              </Appenders>
              <Loggers><Root level="WARN"><AppenderRef ref="file"/></Root></Loggers>
            </Configuration>
            """;

    @DataProvider
    public Object[][] ways() {
        return new Object[][] {{"throw"}, {"leave"}};
    }

    /** The log of the rank that fails, and of one that hears of it. */
    @Test(dataProvider = "ways")
    public void shouldWriteLinesThatWaitInABuffer(String how) throws Exception {
        Path folder = Files.createTempDirectory("parle-mpi-log");
        Path config = Files.writeString(folder.resolve("log4j2.xml"), LOG4J);
        List<String> options =
                List.of("-Dlog.folder=" + folder, "-Dlog4j2.configurationFile=" + config);
        try (MpiJob job =
                MpiJob.start(
                        options, MpiJob.Means.SHARED_MEMORY, 2, MpiLogMain.class, folder, how)) {
            assertNotEquals(job.end(120), 0, job.text());
            // the screen is still open for the reason
            assertTrue(job.text().contains("ends the job: "), job.text());
            for (String log : List.of("log4j", "java")) {
                for (int rank = 0; rank < 2; rank++) {
                    assertEquals(
                            Files.readString(folder.resolve(log + "." + rank)),
                            "last words of rank " + rank + "\n",
                            log + ": " + job.text());
                }
            }
        }
    }
}
