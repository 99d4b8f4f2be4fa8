/**
 * Checkpoints on disk: a folder for each, with one NPZ file of vectors for each rank and a JSON
 * manifest. Data only: reading one executes nothing.
 */
package org.parle.djl.checkpoint;
