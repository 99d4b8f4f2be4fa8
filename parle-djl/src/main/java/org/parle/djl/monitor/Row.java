package org.parle.djl.monitor;

import java.util.Map;

/**
 * What is known at one moment of a run.
 *
 * @param event why it is written: sync or epoch
 * @param epoch from 1
 * @param step of each replica, from 1
 * @param seconds since the log began
 * @param values what was measured, by name, in their order
 */
record Row(String event, int epoch, long step, double seconds, Map<String, Double> values) {}
