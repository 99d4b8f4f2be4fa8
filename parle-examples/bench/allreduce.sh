#!/usr/bin/env bash
# The library's all-reduce, a mean, beside a C program's MPI_Allreduce of the same vector, in turn. The C program's is
# timed alone, which gives a sum, and with a loop over its entries that makes it the mean; then the same in huge pages,
# which the library's vectors are in under the launcher (2 MB and more) and a C program's are where glibc is told so:
#   parle-examples/bench/allreduce.sh [PROCESSES [ROUNDS]]
# Needs mpicc, and the jars built. Prints medians in ms over the rounds, and the library's ratio to each.
set -euo pipefail
home=$(CDPATH='' cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
processes=${1:-2}
rounds=${2:-5}
lengths=(${LENGTHS:-1000 132220 1400000})
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mpicc -O3 -march=native -o "$work/allreduce" "$home/bench/allreduce.c"
options=(--bind-to none -n "$processes")
[ "$processes" -le "$(getconf _NPROCESSORS_ONLN)" ] || options=(--oversubscribe "${options[@]}")
[ "$(id -u)" = 0 ] && options=(--allow-run-as-root "${options[@]}")
mpi=$home/../parle-djl/mpi/repository
for _ in $(seq "$rounds"); do
    mpirun "${options[@]}" "$work/allreduce" 200 "${lengths[@]}" | sed 's/^/C /'
    mpirun "${options[@]}" -x GLIBC_TUNABLES=glibc.malloc.hugetlb=1 "$work/allreduce" 200 "${lengths[@]}" |
        sed 's/^/huge /'
    mpirun "${options[@]}" -x THP_MEM_ALLOC_ENABLE=1 java -Djava.library.path="$(cat "$mpi/library")" -Dai.djl.offline=true \
        -cp "$home/target/classes:$home/target/lib/*:$mpi/org/open-mpi/mpi/local/mpi-local.jar" \
        org.parle.djl.examples.bench.MpiAllReduce 200 "${lengths[@]}" 2>/dev/null | sed 's/^/Java /'
done | awk '
    function median(of, d,    i, j, n, x) {
        n = count[of, d]
        for (i = 2; i <= n; i++)
            for (j = i; j > 1 && value[of, d, j] < value[of, d, j - 1]; j--) {
                x = value[of, d, j]; value[of, d, j] = value[of, d, j - 1]; value[of, d, j - 1] = x
            }
        return value[of, d, int((n + 1) / 2)]
    }
    function add(of, d, time) { value[of, d, ++count[of, d]] = time }
    $1 == "C" { add("sum", $2, $3); add("mean", $2, $4); seen[$2] }
    $1 == "huge" { add("huge sum", $2, $3); add("huge mean", $2, $4) }
    $1 == "Java" { add("Java", $2, $3) }
    END {
        split("sum,mean,huge sum,huge mean", kinds, ",")
        print "floats library-ms C-sum-ms ratio C-mean-ms ratio huge-sum-ms ratio huge-mean-ms ratio"
        for (d in seen) {
            j = median("Java", d)
            printf "%d %.3f", d, j
            for (k = 1; k <= 4; k++) {
                c = median(kinds[k], d)
                printf " %.3f %.2f", c, j / c
            }
            print ""
        }
    }' | sort -n
