/**
 * Random numbers that are a function of their keys alone, the same bits on every machine: mixed
 * seeds, streams, permutations. Internal: for the library's own rooms.
 */
package org.parle.djl.random;
