/**
 * How replicas talk: one interface, an implementation for one replica alone and one for the threads
 * of a JVM.
 */
package org.parle.djl.comm;
