/** How forces and rates change in the course of training. */
package org.parle.djl.schedule;
