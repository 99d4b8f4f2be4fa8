/** Who talks to whom in decentralised training: graphs on the ranks, and their mixing weights. */
package org.parle.djl.topology;
