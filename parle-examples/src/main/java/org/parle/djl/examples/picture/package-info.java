/** Curves, heat maps and graphs. */
package org.parle.djl.examples.picture;
