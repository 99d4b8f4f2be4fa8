/* Median time of MPI_Allreduce of d floats, for each d given, alone and with the division that makes its sum the mean;
 * the slowest rank's counts. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(int repeats, float *vector, int d, int divide) {
    int size;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    double *times = malloc(repeats * sizeof *times);
    for (int k = -repeats / 5; k < repeats; k++) {
        MPI_Barrier(MPI_COMM_WORLD);
        double begin = MPI_Wtime();
        MPI_Allreduce(MPI_IN_PLACE, vector, d, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
        if (divide)
            for (int i = 0; i < d; i++) vector[i] /= size;
        double time = MPI_Wtime() - begin, slowest;
        MPI_Allreduce(&time, &slowest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
        if (k >= 0) times[k] = slowest;
    }
    qsort(times, repeats, sizeof *times, compare);
    double result = times[repeats / 2];
    free(times);
    return result;
}

int main(int argc, char **argv) {
    int rank;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    int repeats = atoi(argv[1]);
    for (int arg = 2; arg < argc; arg++) {
        int d = atoi(argv[arg]);
        float *vector = malloc(d * sizeof *vector);
        for (int i = 0; i < d; i++) vector[i] = rank + 1e-3f * i;
        double mean = median(repeats, vector, d, 1), sum = median(repeats, vector, d, 0);
        if (rank == 0) printf("%d %.6f %.6f\n", d, 1e3 * sum, 1e3 * mean);
        free(vector);
    }
    MPI_Finalize();
    return 0;
}
