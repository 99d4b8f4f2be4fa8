#!/usr/bin/env bash
# What was shown for small networks, for one of 600 million parameters (2.4 GB), in one process with 512 MB of Java heap:
#   parle-examples/bench/large.sh [SIDE]   a linear block of SIDE x (SIDE - 1) weights, 24495 unless given
# For sgd, parle, and parle with inner=adamw: six steps; then three steps and a checkpoint, killed, resumed, and three
# more: the same bits. Means of two replicas, on threads and between processes; their common start; DJL's own file.
# Needs 20 GB of memory and 50 GB of disk where temporary files are (TMPDIR) at the default size, and the jars (mvn package
# -DskipTests, after parle-djl/mpi/setup.sh). A line for each; exit status 0 if all are right. Takes about half an hour.
set -euo pipefail
home=$(CDPATH='' cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
side=${1:-24495}
floats=$((side * (side - 1)))
megabytes=$((floats * 4 / 1000000))

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "large.sh: $*" >&2; exit 1; }
disk=$(($(df --output=avail -k "$work" | tail -n 1) * 1024 / 1000000))
memory=$(($(awk '/^MemAvailable/ { print $2 }' /proc/meminfo) * 1024 / 1000000))
[ "$disk" -ge $((megabytes * 20)) ] || fail "$work has $disk MB free, and $((megabytes * 20)) are needed; set TMPDIR"
[ "$memory" -ge $((megabytes * 7 + 2000)) ] || fail "$memory MB of memory are free, and $((megabytes * 7 + 2000)) are needed"

mpi=$home/../parle-djl/mpi/repository
classes="$home/target/classes:$home/target/lib/*:$mpi/org/open-mpi/mpi/local/*"
bench=org.parle.djl.examples.bench
java=(java -Xmx512m -Dai.djl.offline=true -Djava.library.path="$(cat "$mpi/library" 2>/dev/null)" -cp "$classes")
# freed vectors go back to the system at once, so that what is counted is what is held
export MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=33554432

status=0
train=("${java[@]}" $bench.LargeModel train "$side")
weights() { sed -n 's/^weights //p' "$1"; }

# run NAME VECTORS
run() {
    local name=$1 vectors=$2 peak most pid
    "${train[@]}" "$name" 6 >"$work/whole" 2>>"$work/errors" || { tail -n 20 "$work/errors"; fail "$name failed"; }
    # no function, so that the process itself is killed
    "${train[@]}" "$name" 6 "$work/checkpoint" 3 >"$work/killed" 2>>"$work/errors" &
    pid=$!
    while ! grep -q '^saved' "$work/killed" && kill -0 $pid 2>/dev/null; do sleep 0.2; done
    kill -9 $pid
    wait $pid 2>/dev/null || true
    "${train[@]}" "$name" 6 "$work/checkpoint" resume >"$work/resumed" 2>>"$work/errors" || { tail -n 20 "$work/errors"; fail "$name failed"; }
    du -m "$work/checkpoint" | tail -n 1 | awk '{ print $1 }' >"$work/size"
    rm -r "$work/checkpoint"
    peak=$(sort -n <(sed -n 's/^peak //p' "$work/whole" "$work/resumed") | tail -n 1)
    most=$(awk "BEGIN { printf \"%.2f\", $vectors * $floats * 4e-9 + 1.5 }")
    echo "$name: $(sed -n 's/^step 6 took \(.*\), .*/a step \1/p' "$work/whole"), checkpoint of $(cat "$work/size") MiB $(grep '^saved' "$work/killed"), $(grep '^resumed' "$work/resumed"), peak $peak GB (at most $most)"
    if [ -z "$(weights "$work/whole")" ] || [ "$(weights "$work/whole")" != "$(weights "$work/resumed")" ]; then
        status=1
        echo "$name: WRONG: $(weights "$work/whole") without, $(weights "$work/resumed") killed and resumed"
    else
        echo "$name: $(weights "$work/whole") without, and killed and resumed"
    fi
    awk "BEGIN { exit !($peak <= $most) }" || { status=1; echo "$name: WRONG: more memory than that"; }
}

# the table at Replicas: four of all, PyTorch's new gradient among them, and sgd's one, parle's two, with adamw three
run sgd 5
run parle 6
run adamw 7

means() { "$@" $bench.LargeMean $floats 2>>"$work/errors" | sed "s/^/$way: /" || { status=1; echo "$way: WRONG"; tail -n 20 "$work/errors"; }; }
way=threads means "${java[@]}"
job=(mpirun --allow-run-as-root --oversubscribe --bind-to none -n 2 "${java[@]}")
if command -v mpirun >/dev/null; then
    way='2 processes, shared memory' means "${job[@]}"
    # between hosts there are no shared-memory windows
    way='2 processes, messages' means env OMPI_MCA_osc=pt2pt "${job[@]}"
else
    echo "there is no mpirun: means between processes are left out"
fi

"${java[@]}" $bench.LargeModel start "$side" >"$work/start" 2>>"$work/errors"
[ "$(sed 's/.* //' "$work/start" | sort -u | wc -l)" = 1 ] || { status=1; echo "WRONG:"; }
cat "$work/start"

# DJL writes each parameter as one array of Java's
"${java[@]/-Xmx512m/-Xmx6g}" $bench.LargeModel save "$side" "$work/djl" >"$work/saved" 2>>"$work/errors" || status=1
[ "$(sed 's/.*ed \([0-9a-f]*\) in.*/\1/' "$work/saved" | sort -u | wc -l)" = 1 ] || { status=1; echo "WRONG:"; }
cat "$work/saved"
exit $status
