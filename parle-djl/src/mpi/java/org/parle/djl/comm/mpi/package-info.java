/** How replicas talk between the processes of an Open MPI job. */
package org.parle.djl.comm.mpi;
