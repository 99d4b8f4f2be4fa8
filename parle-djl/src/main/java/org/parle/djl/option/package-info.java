/**
 * Named options with ranges, defaults and meanings: one way to check them for builders, service
 * loader and command line; and the one finder of what service providers offer.
 */
package org.parle.djl.option;
