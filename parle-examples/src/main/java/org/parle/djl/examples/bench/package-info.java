/** Benchmarks, run by JMH; docs/benchmarks.md has the commands and what they printed. */
package org.parle.djl.examples.bench;
