#!/usr/bin/env bash
# Whether a process that trains for long, or again and again, holds more and more: a line for each kind of it.
#   parle-examples/bench/endurance.sh [STEPS [TRAININGS [RUNS]]]   100000 steps, 200 trainers, 300 runs unless given
# Needs the jars and the tests built (mvn package -DskipTests). The library's tests have it in a short form. Exit status 0
# if arrays, managers and threads stayed the same, and memory within 20 MB. The heap is in memory from the beginning.
set -uo pipefail
home=$(CDPATH='' cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$home/../parle-djl" || exit 1
export OMP_NUM_THREADS=1
status=0
# endure KIND WAY COUNT
endure() {
    java -Xms128m -Xmx128m -XX:+AlwaysPreTouch -Dai.djl.offline=true -cp "target/test-classes:target/classes:$home/target/lib/*" \
        org.parle.djl.EnduranceMain "$@" 2>&1 </dev/null | grep -v ' WARN \| ERROR ' | tail -n 1
    [ "${PIPESTATUS[0]}" = 0 ] || { status=1; echo "$*: WRONG"; }
}
endure steps replicas "${1:-100000}"
endure steps plain "${1:-100000}"
endure trainers replicas "${2:-200}"
endure trainers plain "${2:-200}"
endure runs replicas "${3:-300}"
exit $status
