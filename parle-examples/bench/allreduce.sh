#!/usr/bin/env bash
# The library's all-reduce, a mean, beside a C program's MPI_Allreduce of the same vector, in turn. The C program's is
# timed alone, which gives a sum, and with a loop over its entries that makes it the mean:
#   parle-examples/bench/allreduce.sh [PROCESSES [ROUNDS]]
# Needs mpicc, and the jars built. Prints medians over the rounds: ms, and the library's ratio to C in the same round,
# since a virtual machine's cores may move apart from one round to the next.
set -euo pipefail
home=$(CDPATH='' cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
processes=${1:-2}
rounds=${2:-5}
lengths=(${LENGTHS:-1000 132220 1400000})
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mpicc -O3 -march=native -o "$work/allreduce" "$home/bench/allreduce.c"
options=(--bind-to none --oversubscribe -n "$processes")
[ "$(id -u)" = 0 ] && options=(--allow-run-as-root "${options[@]}")
mpi=$home/../parle-djl/mpi/repository
for _ in $(seq "$rounds"); do
    mpirun "${options[@]}" "$work/allreduce" 200 "${lengths[@]}" | sed 's/^/C /'
    mpirun "${options[@]}" java -Djava.library.path="$(cat "$mpi/library")" -Dai.djl.offline=true \
        -cp "$home/target/classes:$home/target/lib/*:$mpi/org/open-mpi/mpi/local/mpi-local.jar" \
        org.parle.djl.examples.bench.MpiAllReduce 200 "${lengths[@]}" 2>/dev/null | sed 's/^/Java /'
done | awk '
    function median(x, n,    i, j, y) {
        for (i = 2; i <= n; i++)
            for (j = i; j > 1 && x[j] < x[j - 1]; j--) {
                y = x[j]; x[j] = x[j - 1]; x[j - 1] = y
            }
        return x[int((n + 1) / 2)]
    }
    function middle(of, d,    i, x) {
        for (i = 1; i <= count[of, d]; i++) x[i] = value[of, d, i]
        return median(x, count[of, d])
    }
    function ratio(of, d,    i, x) {
        for (i = 1; i <= count[of, d]; i++) x[i] = value["Java", d, i] / value[of, d, i]
        return median(x, count[of, d])
    }
    function add(of, d, time) { value[of, d, ++count[of, d]] = time }
    $1 == "C" { add("sum", $2, $3); add("mean", $2, $4); seen[$2] }
    $1 == "Java" { add("Java", $2, $3) }
    END {
        print "floats C-sum-ms C-mean-ms library-ms to-sum to-mean"
        for (d in seen)
            printf "%d %.3f %.3f %.3f %.2f %.2f\n", d, middle("sum", d), middle("mean", d), middle("Java", d), ratio("sum", d), ratio("mean", d)
    }' | sort -n
