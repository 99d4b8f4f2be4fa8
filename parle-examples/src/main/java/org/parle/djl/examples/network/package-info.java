/** Networks, small and well known; they know nothing of replicas. */
package org.parle.djl.examples.network;
