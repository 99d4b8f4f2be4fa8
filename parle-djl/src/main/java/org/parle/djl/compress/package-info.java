/**
 * Compressors of messages: each tensor of a vector becomes a few bits, packed one after the other
 * into one stream.
 *
 * <p>Symbols throughout: u a tensor of d entries; Q(u) what the receiver makes of its message;
 * &delta; the contraction, with &Vert;Q(u) &minus; u&Vert;&sup2; &le; (1 &minus; &delta;)
 * &Vert;u&Vert;&sup2;; k how many entries of a tensor are kept.
 */
package org.parle.djl.compress;
