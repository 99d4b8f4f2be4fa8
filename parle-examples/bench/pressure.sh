#!/usr/bin/env bash
# Trainings while a thread collects and overwrites what nobody holds: each has the bits of one without it.
#   parle-examples/bench/pressure.sh [TRAININGS]   so many equal trainings of 12 steps of a small network, in DJL's own
#                                                  trainer and in replica.newTrainer
#   parle-examples/bench/pressure.sh fixture       every case of the reference trajectories once in each way in
# On threads, and between processes by shared memory and by messages. Needs the jars and the tests built (mvn package
# -DskipTests, after parle-djl/mpi/setup.sh). A line for each; exit status 0 if all are right.
set -euo pipefail
home=$(CDPATH='' cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# where the tests look for the trajectories from
cd "$home/../parle-djl"
# a small heap is collected often
java=(java -XX:+UseSerialGC -Xmx128m -Dai.djl.offline=true
    -cp "target/test-classes:target/classes:$home/target/lib/*:mpi/repository/org/open-mpi/mpi/local/*")
export OMP_NUM_THREADS=1

status=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT
# follow NAME COMMAND...: its processes all print the same lines
follow() {
    local name=$1 begin=$SECONDS
    shift
    if "$@" </dev/null >"$output" 2>&1; then
        grep -E ' followed | result of ' "$output" | sort -u | sed "s/^/$name: /; s/\$/; all ways $((SECONDS - begin)) s/"
    else
        status=1
        echo "$name: WRONG"
        tail -n 40 "$output"
    fi
}
# job MEANS PROCESSES NAME ARGUMENTS...
job() {
    local means=$1 processes=$2 name=$3
    shift 3
    # between hosts there are no shared-memory windows
    [ "$means" = MESSAGES ] && export OMPI_MCA_osc=pt2pt || unset OMPI_MCA_osc
    follow "$means, $name$processes processes" mpirun --allow-run-as-root --oversubscribe --bind-to none \
        -n "$processes" "${java[@]}" "$@"
}

if [ "${1:-}" = fixture ]; then
    follow threads "${java[@]}" org.parle.djl.FixtureMain 1 any all
    jobs=$("${java[@]}" org.parle.djl.MpiFixtureJobs)
    while read -r means processes replicas; do
        job "$means" "$processes" "$replicas replicas in " org.parle.djl.FixtureMain "$processes" "$replicas" all
    done <<<"$jobs"
else
    follow threads "${java[@]}" org.parle.djl.PressureMain "${1:-2000}"
    for means in SHARED_MEMORY MESSAGES; do
        job "$means" 2 '' org.parle.djl.PressureMain "${1:-2000}"
    done
fi
exit $status
