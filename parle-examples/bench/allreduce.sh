#!/usr/bin/env bash
# The library's all-reduce beside a C program's MPI_Allreduce of the same vector, in turn:
#   parle-examples/bench/allreduce.sh [PROCESSES [ROUNDS]]
# Needs mpicc, and the jars built. Prints medians in ms over the rounds, and their ratio.
set -euo pipefail
home=$(CDPATH='' cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
processes=${1:-2}
rounds=${2:-5}
lengths=(1000 132220 1400000)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mpicc -O3 -o "$work/allreduce" "$home/bench/allreduce.c"
options=(--bind-to none -n "$processes")
[ "$processes" -le "$(getconf _NPROCESSORS_ONLN)" ] || options=(--oversubscribe "${options[@]}")
[ "$(id -u)" = 0 ] && options=(--allow-run-as-root "${options[@]}")
mpi=$home/../parle-djl/mpi/repository
for _ in $(seq "$rounds"); do
    mpirun "${options[@]}" "$work/allreduce" 200 "${lengths[@]}" | sed 's/^/C /'
    mpirun "${options[@]}" java -Djava.library.path="$(cat "$mpi/library")" -Dai.djl.offline=true \
        -cp "$home/target/classes:$home/target/lib/*:$mpi/org/open-mpi/mpi/local/mpi-local.jar" \
        org.parle.djl.examples.bench.MpiAllReduce 200 "${lengths[@]}" 2>/dev/null | sed 's/^/Java /'
done | sort -k1,1 -k2,2n -k3,3n | awk '
    { count[$1, $2]++; value[$1, $2, count[$1, $2]] = $3; seen[$2] }
    END {
        print "floats C-ms library-ms ratio"
        for (d in seen) {
            c = value["C", d, int((count["C", d] + 1) / 2)]
            j = value["Java", d, int((count["Java", d] + 1) / 2)]
            printf "%d %.3f %.3f %.2f\n", d, c, j, j / c
        }
    }' | sort -n
