/** Data sets: found, checked, read and drawn. */
package org.parle.djl.examples.dataset;
