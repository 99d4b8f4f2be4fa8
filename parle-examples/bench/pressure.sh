#!/usr/bin/env bash
# Trainings while a thread collects and overwrites what nobody holds: each has the bits of one without it.
#   parle-examples/bench/pressure.sh [TRAININGS]   so many equal trainings of 12 steps of a small network, in DJL's own
#                                                  trainer and as two replicas
#   parle-examples/bench/pressure.sh fixture       every case of the reference trajectories once in each way in: on threads,
#                                                  and between processes, by shared memory and by messages
# Needs the jars and the tests built (mvn package -DskipTests); fixture needs Open MPI, too (parle-djl/mpi/setup.sh before
# that). A line for each; exit status 0 if all are right.
set -euo pipefail
home=$(CDPATH='' cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# where the tests look for the trajectories from
cd "$home/../parle-djl"
# a small heap is collected often
java=(java -XX:+UseSerialGC -Xmx128m -Dai.djl.offline=true
    -cp "target/test-classes:target/classes:$home/target/lib/*:mpi/repository/org/open-mpi/mpi/local/*")
export OMP_NUM_THREADS=1

if [ "${1:-}" != fixture ]; then
    exec "${java[@]}" org.parle.djl.PressureMain "${1:-2000}" 2>/dev/null
fi

status=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT
# follow NAME COMMAND...: its processes all print the same lines
follow() {
    local name=$1 begin=$SECONDS
    shift
    if "$@" </dev/null >"$output" 2>&1; then
        grep ' followed ' "$output" | sort -u | sed "s/^/$name: /; s/\$/; all ways $((SECONDS - begin)) s/"
    else
        status=1
        echo "$name: WRONG"
        tail -n 40 "$output"
    fi
}
follow threads "${java[@]}" org.parle.djl.FixtureMain 1 any all
jobs=$("${java[@]}" org.parle.djl.MpiFixtureJobs)
while read -r means processes replicas; do
    # between hosts there are no shared-memory windows
    [ "$means" = MESSAGES ] && export OMPI_MCA_osc=pt2pt || unset OMPI_MCA_osc
    follow "$means, $replicas replicas in $processes processes" mpirun --allow-run-as-root --oversubscribe --bind-to none \
        -n "$processes" "${java[@]}" org.parle.djl.FixtureMain "$processes" "$replicas" all
done <<<"$jobs"
exit $status
