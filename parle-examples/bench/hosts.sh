#!/usr/bin/env bash
# Runs parle as an MPI job on several hosts made of this one: a network namespace each, joined by a
# bridge, their links limited both ways. Prints the bytes that each host's interface has carried.
#   parle-examples/bench/hosts.sh HOSTS RATE [parle arguments]
#   parle-examples/bench/hosts.sh 3 100mbit train --optimizer sgd --epochs 1
# Needs root, iproute2 and Open MPI. Delay is not emulated. All hosts share this machine's cores:
# one thread for each process, unless OMP_NUM_THREADS says otherwise.
set -euo pipefail
home=$(CDPATH='' cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
self=$home/bench/hosts.sh

if [ "${1:-}" = agent ]; then
    # mpirun starts its daemons by this: agent ADDRESS COMMAND
    i=$((${2##*.} - 1))
    shift 2
    exec ip netns exec "parle$i" unshare --uts sh -c "hostname parle$i; $*"
fi
[ $# -ge 3 ] || {
    sed -n '2,7s/^# \{0,1\}//p' "$self"
    exit 2
}
[ "$(id -u)" = 0 ] && command -v ip >/dev/null || {
    echo "hosts.sh: needs root, and iproute2 (apt-get install iproute2)" >&2
    exit 1
}
hosts=$1
rate=$2
shift 2

down() {
    for i in $(seq 0 $((hosts - 1))); do
        ip netns delete "parle$i" 2>/dev/null || true
    done
    ip netns delete parle-switch 2>/dev/null || true
}
count() {
    for i in $(seq 0 $((hosts - 1))); do
        ip netns exec "parle$i" sh -c 'cd /sys/class/net/eth0/statistics; cat tx_bytes rx_bytes' |
            paste -sd ' '
    done
}

down
trap down EXIT
ip netns add parle-switch
ip -n parle-switch link add bridge type bridge
ip -n parle-switch link set bridge up
addresses=
for i in $(seq 0 $((hosts - 1))); do
    ip netns add "parle$i"
    ip -n "parle$i" link add eth0 type veth peer name "port$i" netns parle-switch
    ip -n "parle$i" address add "10.98.0.$((i + 1))/24" dev eth0
    ip -n "parle$i" link set lo up
    ip -n "parle$i" link set eth0 up
    ip -n parle-switch link set "port$i" master bridge
    ip -n parle-switch link set "port$i" up
    # less buffer than this drops packets, which costs more than the rate
    tc -n "parle$i" qdisc add dev eth0 root tbf rate "$rate" burst 256kb limit 32mb
    tc -n parle-switch qdisc add dev "port$i" root tbf rate "$rate" burst 256kb limit 32mb
    addresses=$addresses,10.98.0.$((i + 1))
done

export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
before=$(count)
ip netns exec parle0 unshare --uts sh -c 'hostname parle0; exec "$@"' sh \
    "$home/parle-mpi" -n "$hosts" --host "${addresses#,}" --map-by node \
    -x OMP_NUM_THREADS --mca plm_rsh_agent "$self agent" --mca plm_rsh_no_tree_spawn 1 \
    --mca pml ob1 --mca btl self,tcp --mca btl_tcp_if_include 10.98.0.0/24 \
    --mca oob_tcp_if_include 10.98.0.0/24 -- "$@"
paste -d ' ' <(echo "$before") <(count) | awk -v OFMT=%.1f '
    { print "host " NR - 1 ": sent " ($3 - $1) / 1e6 " MB, received " ($4 - $2) / 1e6 " MB" }'
