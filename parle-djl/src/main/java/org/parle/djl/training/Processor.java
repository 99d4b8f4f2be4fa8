package org.parle.djl.training;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What decides in which order PyTorch adds, and so about a sum's last bits: kind of device,
 * instructions, threads.
 */
final class Processor {

    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final String[] SETS = {"avx512f", "avx2", "sve", "asimd"};

    /** Between the devices of one body that do not compute alike. */
    static final String BETWEEN = " beside ";

    private Processor() {}

    /** Describes some devices, alike if they compute alike. */
    static String of(Device[] devices) {
        return Arrays.stream(devices)
                .map(device -> device.isGpu() ? gpu(device) : cpu())
                .distinct()
                .collect(Collectors.joining(BETWEEN));
    }

    private static String gpu(Device device) {
        try {
            // the memory tells apart what has one capability and other numbers of processors
            return "gpu "
                    + CudaUtils.getComputeCapability(device.getDeviceId())
                    + " with "
                    + CudaUtils.getGpuMemory(device).getMax()
                    + " bytes";
        } catch (RuntimeException e) {
            // PyTorch may know a device that DJL's way to CUDA does not
            return "gpu";
        }
    }

    private static String cpu() {
        // the variable by which PyTorch is told to use less than there is
        String told = System.getenv("ATEN_CPU_CAPABILITY");
        return System.getProperty("os.arch")
                + ' '
                + (told == null ? instructions() : told)
                + ", threads: "
                + JniUtils.getNumThreads();
    }

    private static String instructions() {
        try {
            String all = Files.exists(CPU) ? Files.readString(CPU) : "";
            return Arrays.stream(SETS).filter(all::contains).findFirst().orElse("default");
        } catch (IOException e) {
            return "default";
        }
    }
}
