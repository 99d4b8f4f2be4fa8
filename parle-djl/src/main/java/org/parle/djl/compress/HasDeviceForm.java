package org.parle.djl.compress;

/** A compressor that can also pack where the vector lies. */
interface HasDeviceForm extends Compressor {

    /** Returns the same compressor in NDArray operations. */
    DeviceForm deviceForm();
}
