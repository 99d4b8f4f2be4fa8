package org.parle.djl.data;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;

import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;

/** A test of which each method has a manager of its own. */
public abstract class WithManager {

    NDManager manager;

    @BeforeMethod
    public void openManager() {
        manager = NDManager.newBaseManager(Device.cpu());
    }

    @AfterMethod
    public void closeManager() {
        manager.close();
    }
}
