/** The parameters of a block as one vector, and arithmetic on whole vectors. */
package org.parle.djl.vector;
