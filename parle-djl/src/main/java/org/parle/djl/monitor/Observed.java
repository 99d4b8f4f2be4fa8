package org.parle.djl.monitor;

import java.util.Map;

/** A trainer whose run can be logged; its own thread asks. */
public interface Observed {

    /**
     * Returns how many mini-batch steps each replica has taken.
     *
     * @return k
     */
    long getSteps();

    /**
     * Returns how many synchronisations were finished.
     *
     * @return t
     */
    long getSynchronisations();

    /**
     * Returns what else is known at this step, without asking other replicas.
     *
     * @return finite numbers by name, in the order in which they are to be written
     */
    Map<String, Double> measurements();
}
