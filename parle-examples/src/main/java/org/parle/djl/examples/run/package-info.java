/** What a run is: the training loop of each replica, what it shows, and what comes out. */
package org.parle.djl.examples.run;
