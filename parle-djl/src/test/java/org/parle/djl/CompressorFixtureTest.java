package org.parle.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import org.parle.djl.compress.Compressors;
import org.parle.djl.compress.Draws;
import org.parle.djl.compress.MessageCodec;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;

/** Every case of the compressors in the reference, through the messages that are sent. */
public class CompressorFixtureTest {

    private static final Draws HALF =
            (sender, step, tensor) -> (from, draws, length) -> Arrays.fill(draws, 0.5);

    @DataProvider
    public Iterator<Object[]> cases() {
        return Reference.compressions().stream().map(c -> new Object[] {c}).iterator();
    }

    @Test
    public void shouldFindCases() {
        Assert.assertTrue(Reference.compressions().size() >= 50);
    }

    @Test(dataProvider = "cases")
    public void shouldCompressAsTheReference(Object given) {
        Reference.Compression c = (Reference.Compression) given;
        int[] sizes = c.parameters.stream().mapToInt(piece -> piece.size).toArray();
        try (NDManager manager = NDManager.newBaseManager();
                MessageCodec codec =
                        new MessageCodec(
                                Compressors.named(c.compressor(), c.givenOptions()), sizes, HALF)) {
            NDArray sent = manager.create(c.input);
            ByteBuffer message = codec.compress(sent, 0, 1);
            Assert.assertNull(Reference.difference(c.expect, sent.toFloatArray()), c.toString());
            Assert.assertEquals(codec.bits(), c.messageBits);
            Assert.assertEquals(message.remaining(), (c.messageBits + 7) / 8);
            NDArray received = manager.ones(sent.getShape());
            codec.decode(message, 0, 1, received);
            Assert.assertEquals(received.toFloatArray(), sent.toFloatArray(), 0f, c.toString());
        }
    }
}
