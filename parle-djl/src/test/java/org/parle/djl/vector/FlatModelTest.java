package org.parle.djl.vector;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

import org.parle.djl.SupposedGpu;
import org.testng.Assert;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;

/** The parameters of a block as one vector. */
public class FlatModelTest {

    private NDManager manager;
    private NDArray a;
    private NDArray b;

    @BeforeMethod
    public void open() {
        manager = NDManager.newBaseManager(Device.cpu());
        a = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
        b = manager.create(new float[] {5, 6});
        a.setRequiresGradient(true);
        b.setRequiresGradient(true);
    }

    @AfterMethod
    public void close() {
        manager.close();
    }

    private FlatModel model(Set<String> copied) {
        return GradientMode.off(
                () -> new FlatModel(manager, List.of("a", "b"), List.of(a, b), copied));
    }

    private void backward() {
        try (GradientMode on = GradientMode.on()) {
            Assert.assertNotNull(on);
            NDArray loss = a.square().sum().add(b.sum());
            JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
        }
    }

    @Test
    public void shouldShowAChangeOfTheVectorInTheArrays() {
        try (FlatModel model = model(Set.of())) {
            Assert.assertEquals(model.vector().toFloatArray(), new float[] {1, 2, 3, 4, 5, 6});
            GradientMode.off(() -> Vectors.scale(2, model.vector()));
            Assert.assertEquals(a.toFloatArray(), new float[] {2, 4, 6, 8});
            Assert.assertEquals(b.toFloatArray(), new float[] {10, 12});
            GradientMode.off(() -> b.addi(1));
            Assert.assertEquals(model.vector().toFloatArray(), new float[] {2, 4, 6, 8, 11, 13});
        }
        Assert.assertEquals(a.toFloatArray(), new float[] {2, 4, 6, 8}, "after close");
    }

    @Test
    public void shouldCopyWhereAViewWouldNotBeSeen() {
        try (FlatModel model = model(Set.of("b"))) {
            GradientMode.off(() -> Vectors.scale(2, model.vector()));
            Assert.assertEquals(b.toFloatArray(), new float[] {5, 6});
            GradientMode.off(model::push);
            Assert.assertEquals(b.toFloatArray(), new float[] {10, 12});
            GradientMode.off(() -> b.addi(1));
            GradientMode.off(() -> model.pull());
            Assert.assertEquals(model.vector().toFloatArray(), new float[] {2, 4, 6, 8, 11, 13});
        }
    }

    @Test
    public void shouldAddGradientsUpUntilTheyAreCleared() {
        for (Set<String> copied : List.of(Set.<String>of(), Set.of("b"))) {
            try (FlatModel model = model(copied)) {
                for (int step = 1; step <= 3; step++) {
                    backward();
                    backward();
                    float[] gradient =
                            GradientMode.off(() -> model.gradient().vector().toFloatArray());
                    Assert.assertEquals(gradient, new float[] {4, 8, 12, 16, 2, 2});
                    GradientMode.off(() -> model.gradient().clear());
                }
            }
        }
    }

    /** Else each step gathers them anew. */
    @Test
    public void shouldAddGradientsUpInTheVectorItself() {
        try (FlatModel model = model(Set.of())) {
            GradientMode.off(model::shareGradient);
            NDArray gradient = GradientMode.off(() -> model.gradient().vector());
            Assert.assertEquals(gradient.toFloatArray(), new float[6]);
            backward();
            Assert.assertEquals(gradient.toFloatArray(), new float[] {2, 4, 6, 8, 1, 1});
            GradientMode.off(() -> model.gradient().clear());
            backward();
            Assert.assertEquals(gradient.toFloatArray(), new float[] {2, 4, 6, 8, 1, 1});
        }
    }

    private void layOutOnAGpu() {
        manager.close();
        manager = SupposedGpu.manager(SupposedGpu.gpu(1));
        a = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
        b = manager.create(new float[] {5, 6});
        a.setRequiresGradient(true);
        b.setRequiresGradient(true);
    }

    /** Once in all: what is gathered is there three times. */
    @Test
    public void shouldHaveNoSecondGradientOnAGpu() {
        layOutOnAGpu();
        try (FlatModel model = model(Set.of())) {
            GradientMode.off(model::shareGradient);
            NDArray gradient = GradientMode.off(() -> model.gradient().vector());
            Assert.assertEquals(gradient.getDevice(), SupposedGpu.gpu(1));
            backward();
            Assert.assertEquals(gradient.toFloatArray(), new float[] {2, 4, 6, 8, 1, 1});
            Assert.assertSame(GradientMode.off(() -> model.gradient().vector()), gradient);
        }
    }

    /**
     * Where modules have tensors of their own it is there twice, from the gathering to the step.
     */
    @Test
    public void shouldKeepNoGatheredGradient() {
        layOutOnAGpu();
        try (FlatModel model = model(Set.of("b"))) {
            GradientMode.off(model::shareGradient);
            for (int step = 0; step < 2; step++) {
                backward();
                int recorded = manager.getManagedArrays().size();
                NDArray gradient = GradientMode.off(() -> model.gradient().vector());
                FloatBuffer expected = FloatBuffer.wrap(new float[] {2, 4, 6, 8, 1, 1});
                ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
                DeviceDoor.read(gradient, 0, bytes);
                Assert.assertEquals(bytes.flip().asFloatBuffer(), expected);
                Assert.assertEquals(manager.getManagedArrays().size(), recorded + 1);
                GradientMode.off(() -> model.gradient().clear());
                Assert.assertTrue(gradient.isReleased());
                Assert.assertEquals(manager.getManagedArrays().size(), recorded);
            }
        }
    }

    /** A graph from before a new layout, or from before the end, writes to memory of its own. */
    @Test
    public void shouldOutliveItsVectorInOlderGraphs() {
        int size = 1 << 16;
        a = manager.ones(new Shape(size));
        a.setRequiresGradient(true);
        FlatModel model = model(Set.of());
        GradientMode.off(model::shareGradient);
        for (int step = 0; step < 2; step++) {
            try (GradientMode on = GradientMode.on()) {
                Assert.assertNotNull(on);
                NDArray loss = a.sum().add(b.sum());
                if (step == 1) {
                    model.close();
                }
                NDArray others = manager.zeros(new Shape(size + 2));
                JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
                Assert.assertEquals(others.sum().getFloat(), 0f, "memory of others");
            }
            if (step == 0) {
                GradientMode.off(() -> model.gradient().vector());
            }
        }
    }

    /** Nobody is left with the freed vector's memory. */
    @Test
    public void shouldLeaveUsableArraysBehind() {
        FlatModel model = model(Set.of());
        backward();
        GradientMode.off(() -> model.gradient().vector());
        model.close();
        backward();
        Assert.assertEquals(a.getGradient().toFloatArray(), new float[] {2, 4, 6, 8});
    }

    @Test
    public void shouldCarryEntriesOverToAnotherLayout() {
        try (FlatModel old = model(Set.of())) {
            NDArray c = manager.create(new float[] {7});
            FlatModel laidOut =
                    GradientMode.off(
                            () ->
                                    new FlatModel(
                                            manager, List.of("c", "b"), List.of(c, b), Set.of()));
            NDArray from = manager.arange(6f).toType(DataType.FLOAT32, false);
            NDArray to = manager.zeros(new Shape(3));
            laidOut.move(from, old.layout(), to);
            Assert.assertEquals(to.toFloatArray(), new float[] {0, 4, 5});
            laidOut.close();
        }
    }

    @Test
    public void shouldNameAParameterThatIsNotFloat32() {
        NDArray wide = manager.create(new double[] {1});
        IllegalArgumentException e =
                Assert.expectThrows(
                        IllegalArgumentException.class,
                        () ->
                                new FlatModel(
                                        manager, List.of("a", "wide"), List.of(a, wide), Set.of()));
        Assert.assertTrue(e.getMessage().contains("\"wide\" is float64"), e.getMessage());
    }
}
