/**
 * Data for replicas: what part of a data set each one sees and in which order, and a data set of
 * digits that needs no files.
 */
package org.parle.djl.data;
