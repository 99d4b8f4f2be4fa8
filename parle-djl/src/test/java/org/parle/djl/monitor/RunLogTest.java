package org.parle.djl.monitor;

import ai.djl.util.JsonUtils;

import com.google.gson.JsonObject;

import org.testng.Assert;
import org.testng.annotations.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is written can be read. */
public class RunLogTest {

    private static Row row() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("loss", 0.5);
        values.put("rate, \"η\"", Double.NaN);
        return new Row("epoch", 2, 300, 1.5, values);
    }

    @Test
    public void shouldWriteLinesOfJsonWithoutWhatIsNotFinite() throws IOException {
        Path folder = Files.createTempDirectory("parle");
        try (JsonLines lines = new JsonLines(folder, Map.of("seed", 3))) {
            lines.write(row());
            lines.end(Map.of("validationError", 0.1));
        }
        List<JsonObject> read =
                Files.readAllLines(folder.resolve(JsonLines.NAME)).stream()
                        .map(line -> JsonUtils.GSON.fromJson(line, JsonObject.class))
                        .toList();
        Assert.assertEquals(read.size(), 3);
        Assert.assertEquals(read.get(0).getAsJsonObject("settings").get("seed").getAsInt(), 3);
        Assert.assertEquals(read.get(1).get("step").getAsLong(), 300);
        Assert.assertEquals(read.get(1).get("loss").getAsDouble(), 0.5);
        Assert.assertEquals(read.get(1).size(), 5);
        Assert.assertEquals(read.get(2).get("event").getAsString(), "end");
        Assert.assertEquals(read.get(2).get("validationError").getAsDouble(), 0.1);
    }

    @Test
    public void shouldNoteThatARunDivergedAfterItsTrainerHasClosed() throws IOException {
        Path folder = Files.createTempDirectory("parle");
        RunLog log = RunLog.builder().setFolder(folder).optSetting("seed", 3).build();
        log.close();
        log.diverged(7, "why");
        Assert.assertEquals(
                Files.readAllLines(folder.resolve(JsonLines.NAME)),
                List.of(
                        "{\"event\":\"begin\",\"settings\":{\"seed\":3}}",
                        "{\"event\":\"diverged\",\"step\":7,\"message\":\"why\"}"));
    }

    @Test
    public void shouldWriteATableWithTheFirstRowsColumns() throws IOException {
        Path folder = Files.createTempDirectory("parle");
        try (CsvTable table = new CsvTable(folder, 0)) {
            table.write(row());
            table.write(new Row("epoch", 3, 450, 2, Map.of("other", 1.0)));
        }
        Assert.assertEquals(
                Files.readAllLines(folder.resolve("epoch.csv")),
                List.of(
                        "epoch,step,seconds,loss,\"rate, \"\"η\"\"\"",
                        "2,300,1.5,0.5,NaN",
                        "3,450,2.0,,"));
    }

    /** Half a line, and what a run has written after the step that it goes on from, is dropped. */
    @Test
    public void shouldGoOnWithALog() throws IOException {
        Path folder = Files.createTempDirectory("parle");
        try (LogFiles files = new LogFiles(folder, Map.of("seed", 3))) {
            files.write(row());
            files.write(new Row("epoch", 3, 450, 2, Map.of("loss", 1.0)));
        }
        Files.writeString(
                folder.resolve(JsonLines.NAME), "{\"event\":\"ep", StandardOpenOption.APPEND);
        Files.writeString(folder.resolve("epoch.csv"), "4,6", StandardOpenOption.APPEND);
        try (LogFiles files = new LogFiles(folder, Map.of("seed", 4))) {
            Row last = files.resume(300);
            Assert.assertEquals(last.epoch(), 2);
            Assert.assertEquals(last.seconds(), 1.5);
            files.write(new Row("epoch", 3, 450, 2.5, Map.of("loss", 2.0)));
        }
        Assert.assertEquals(
                Files.readAllLines(folder.resolve("epoch.csv")),
                List.of(
                        "epoch,step,seconds,loss,\"rate, \"\"η\"\"\"",
                        "2,300,1.5,0.5,NaN",
                        "3,450,2.5,2.0,"));
        Assert.assertEquals(
                Files.readAllLines(folder.resolve(JsonLines.NAME)).stream()
                        .map(line -> line.replaceAll(",\"seconds.*", ""))
                        .toList(),
                List.of(
                        "{\"event\":\"begin\",\"settings\":{\"seed\":3}}",
                        "{\"event\":\"epoch\",\"epoch\":2,\"step\":300",
                        "{\"event\":\"epoch\",\"epoch\":3,\"step\":450"));
    }

    /** As on a disk that is full. */
    @Test
    public void shouldNameItsFolderAndTheFreeSpace() throws IOException {
        Path folder = Files.createTempDirectory("parle");
        Files.createDirectory(folder.resolve(JsonLines.NAME));
        LogFiles files = new LogFiles(folder, Map.of());
        String said =
                Assert.expectThrows(UncheckedIOException.class, () -> files.write(row()))
                        .getMessage();
        Assert.assertTrue(said.startsWith(folder + ": the log cannot be written there: "), said);
        Assert.assertTrue(said.endsWith(" MiB are free there"), said);
    }

    /** TensorBoard then drops what older files have from that step on. */
    @Test
    public void shouldTellTensorBoardWhereARunGoesOn() throws IOException {
        Path folder = Files.createTempDirectory("parle");
        try (TensorBoardEvents events = new TensorBoardEvents(folder, 1000, 4, 1.5)) {
            events.write(new Row("epoch", 1, 5, 2, Map.of()));
        }
        ByteBuffer bytes;
        try (Stream<Path> files = Files.list(folder)) {
            bytes = ByteBuffer.wrap(Files.readAllBytes(files.findFirst().orElseThrow()));
        }
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        record(bytes);
        // wall time; step 5; session_log, of 2 bytes: status START
        ByteBuffer start = ByteBuffer.wrap(record(bytes)).position(9);
        byte[] rest = new byte[start.remaining()];
        start.get(rest);
        Assert.assertEquals(rest, new byte[] {16, 5, 58, 2, 8, 1});
        ByteBuffer row = ByteBuffer.wrap(record(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        Assert.assertEquals(row.getDouble(1), 1000.5);
    }

    /** The check values of RFC 3720, masked as TFRecord does. */
    @Test
    public void shouldMaskChecksums() {
        int crc = 0x8a9136aa;
        int masked = ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
        Assert.assertEquals(TensorBoardEvents.masked(new byte[32], 32), masked);
    }

    @Test
    public void shouldWriteEventsThatTensorBoardReads() throws IOException {
        Path folder = Files.createTempDirectory("parle");
        try (TensorBoardEvents events = new TensorBoardEvents(folder, 1000, 0, 0)) {
            events.write(row());
        }
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        Assert.assertTrue(file.getFileName().toString().startsWith("events.out.tfevents."));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        String first = new String(record(bytes), StandardCharsets.UTF_8);
        Assert.assertTrue(first.endsWith("brain.Event:2"), first);
        ByteBuffer event = ByteBuffer.wrap(record(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        Assert.assertFalse(bytes.hasRemaining());
        Assert.assertEquals(event.get(), 9);
        Assert.assertEquals(event.getDouble(), 1001.5);
        Assert.assertEquals(event.get(), 16);
        // 300 in seven bits at a time
        Assert.assertEquals(event.get(), (byte) 0xac);
        Assert.assertEquals(event.get(), 2);
        Assert.assertEquals(event.get(), 42);
        Assert.assertEquals(event.get(), event.remaining());
        Assert.assertEquals(event.get(), 10);
        byte[] value = new byte[event.get()];
        event.get(value);
        Assert.assertEquals(value[0], 10);
        Assert.assertEquals(value[1], "epoch/loss".length());
        Assert.assertEquals(new String(value, 2, value[1], StandardCharsets.UTF_8), "epoch/loss");
        ByteBuffer number = ByteBuffer.wrap(value, 12, 5).order(ByteOrder.LITTLE_ENDIAN);
        Assert.assertEquals(number.get(), 21);
        Assert.assertEquals(number.getFloat(), 0.5f);
    }

    /** Reads a record and checks both its sums. */
    private static byte[] record(ByteBuffer bytes) {
        byte[] length = new byte[Long.BYTES];
        bytes.get(length);
        Assert.assertEquals(bytes.getInt(), TensorBoardEvents.masked(length, length.length));
        byte[] data =
                new byte
                        [Math.toIntExact(
                                ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong())];
        bytes.get(data);
        Assert.assertEquals(bytes.getInt(), TensorBoardEvents.masked(data, data.length));
        return data;
    }

    @Test
    public void shouldRefuseAFolderThatIsMissingOrAFile() throws IOException {
        Assert.expectThrows(IllegalStateException.class, () -> RunLog.builder().build());
        Path file = Files.createTempFile("parle", "log");
        Assert.expectThrows(
                IllegalArgumentException.class, () -> RunLog.builder().setFolder(file).build());
    }
}
