package org.parle.djl;

import ai.djl.BaseModel;
import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * A GPU that is in truth main memory. DJL and the library take it for a GPU; PyTorch is told that
 * it is the CPU.
 *
 * <p>Arrays of a manager that {@linkplain #manager was told} of it, and of those below it, are
 * where their manager is. DJL keeps that in private fields, which are set here.
 */
public final class SupposedGpu extends Device.MultiDevice {

    private static final ThreadLocal<Consumer<NDArray>> WATCHER = new ThreadLocal<>();

    private SupposedGpu(int number) {
        super(new ArrayList<>(List.of(Device.cpu())));
        deviceType = Type.GPU;
        deviceId = number;
    }

    /** Returns the GPU of a number, equal to any other of this kind with that number. */
    public static Device gpu(int number) {
        return new SupposedGpu(number);
    }

    /** What PyTorch is told. */
    @Override
    public String getDeviceType() {
        return Type.CPU;
    }

    @Override
    public int getDeviceId() {
        return -1;
    }

    @Override
    public List<Device> getDevices() {
        return List.of(this);
    }

    @Override
    public String toString() {
        return deviceType + '(' + deviceId + ')';
    }

    /** Returns a new manager, the caller's to close, under which such devices can be used. */
    public static NDManager manager(Device device) {
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        set(BaseNDManager.class, "device", manager, device);
        Told.tell((BaseNDManager) manager);
        return manager;
    }

    /** Returns a new model on such a device. */
    public static Model model(String name, Device device) {
        Model model = Model.newInstance(name, Device.cpu());
        model.getNDManager().close();
        set(BaseModel.class, "manager", model, manager(device));
        return model;
    }

    /**
     * Gives a config such devices, of which DJL's trainers take none: its first listener puts them
     * where others stood in for them.
     */
    public static DefaultTrainingConfig place(DefaultTrainingConfig config, Device... devices) {
        Device[] stand = new Device[devices.length];
        for (int i = 0; i < stand.length; i++) {
            stand[i] = Device.of("stand-in", i);
        }
        return config.optDevices(stand).addTrainingListeners(new Placing(devices));
    }

    /** Shows each array that this thread makes below such managers, as soon as it is made. */
    public static void watch(Consumer<NDArray> watcher, Runnable work) {
        WATCHER.set(watcher);
        try {
            work.run();
        } finally {
            WATCHER.remove();
        }
    }

    private static Object read(Class<?> where, String field, Object of) {
        try {
            return field(where, field).get(of);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static void set(Class<?> where, String field, Object of, Object value) {
        try {
            field(where, field).set(of, value);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Field field(Class<?> where, String name) throws NoSuchFieldException {
        Field field = where.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** A map that DJL asks whenever something is attached to a manager. */
    private static final class Told extends ConcurrentHashMap<String, Object> {

        private static final long serialVersionUID = 1L;

        private final transient BaseNDManager owner;

        private Told(BaseNDManager owner) {
            this.owner = owner;
        }

        static void tell(BaseNDManager manager) {
            set(BaseNDManager.class, "tempResources", manager, new Told(manager));
        }

        @Override
        public Object compute(
                String key, BiFunction<? super String, ? super Object, ? extends Object> change) {
            Object temporary = super.compute(key, change);
            Object attached = ((Map<?, ?>) read(BaseNDManager.class, "resources", owner)).get(key);
            if (attached instanceof BaseNDManager below) {
                tell(below);
            } else if (attached instanceof PtNDArray array
                    && read(PtNDArray.class, "device", attached) == null) {
                set(PtNDArray.class, "device", attached, owner.getDevice());
                if (crosses()) {
                    array.intern(array.duplicate());
                }
                if (WATCHER.get() != null) {
                    WATCHER.get().accept(array);
                }
            }
            return temporary;
        }

        /** To PyTorch it is where it was, or in Java's memory, so that it made no copy. */
        private static boolean crosses() {
            return StackWalker.getInstance()
                    .walk(frames -> frames.limit(9).anyMatch(Told::isCrossing));
        }

        private static boolean isCrossing(StackWalker.StackFrame frame) {
            return frame.getClassName().endsWith("JniUtils")
                    && Set.of("to", "createNdFromByteBuffer").contains(frame.getMethodName());
        }
    }

    private static final class Placing extends TrainingListenerAdapter {

        private final Device[] devices;

        Placing(Device[] devices) {
            this.devices = devices;
        }

        @Override
        public void onTrainingBegin(Trainer trainer) {
            Map<Device, Integer> places = new ConcurrentHashMap<>();
            for (int i = 0; i < devices.length; i++) {
                trainer.getDevices()[i] = devices[i];
                places.put(devices[i], i);
            }
            Object store = read(Trainer.class, "parameterStore", trainer);
            set(ParameterStore.class, "deviceMap", store, places);
        }
    }
}
