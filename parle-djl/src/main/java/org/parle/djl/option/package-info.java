/**
 * Named options with ranges, defaults and meanings: one way to check them for builders, service
 * loader and command line.
 */
package org.parle.djl.option;
