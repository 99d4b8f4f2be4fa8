#!/usr/bin/env bash
# Equal trainings of 12 steps while a thread collects and overwrites what nobody holds, in DJL's own trainer and as two
# replicas: one result, that of a training without it.
#   parle-examples/bench/pressure.sh [TRAININGS]
# Needs the jars and the tests built (mvn package -DskipTests). A line for each door; exit status 0 if both are right.
set -euo pipefail
home=$(CDPATH='' cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
library=$home/../parle-djl/target
exec java -Dai.djl.offline=true -cp "$library/test-classes:$library/classes:$home/target/lib/*" \
    org.parle.djl.PressureMain "${1:-2000}" 2>/dev/null
