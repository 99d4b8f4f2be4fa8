/**
 * The algorithms: one file each, over vectors and a {@link org.parle.djl.comm.Communicator}. They
 * know no trainer, no threads and no transport.
 *
 * <p>Symbols throughout: replica a of n; w its weights; f its mini-batch loss; &eta; the learning
 * rate; &mu; {@code momentum}; wd {@code weightDecays}; k counts mini-batch steps from 1; L {@code
 * syncEvery}; B {@code updatesPerEpoch}; t counts finished synchronisations from 0.
 */
package org.parle.djl.algorithm;
