package org.parle.djl.compress;

import java.util.Arrays;

/** Chooses how messages are packed. */
final class Packings {

    private Packings() {}

    /** Returns the packing for vectors on a GPU: nothing but the message leaves it, at once. */
    static Packing onDevice(Compressor compressor, int[] sizes, Draws draws) {
        if (compressor instanceof HasDeviceForm packing) {
            long bits = Arrays.stream(sizes).mapToLong(compressor::bits).sum();
            return new DevicePacking(packing.deviceForm(), sizes, bits, draws);
        }
        return compressor instanceof None
                ? new DeviceFloats(sizes)
                : new HostPacking(compressor, sizes, draws);
    }
}
