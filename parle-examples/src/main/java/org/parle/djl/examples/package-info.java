/** The {@code parle} command: trains with every optimizer of the library, and lists them. */
package org.parle.djl.examples;
