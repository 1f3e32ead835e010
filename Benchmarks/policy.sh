#!/bin/bash
# Benchmarks/policy.sh SECONDS: what a decision costs with 10, 1,000 and 10,000 statements. `Scripts/bench policy` calls it,
# with SIGNET_BIN set; it takes no time of its own.
set -euo pipefail
for statements in 10 1000 10000; do
    "$SIGNET_BIN/signet-bench" policy --statements "$statements"
done | python3 -c '
import json, sys
print("{:>12}{:>14}{:>14}".format("statements", "us a decision", "per second"))
for line in sys.stdin:
    m = json.loads(line)
    print("{:>12}{:>14.2f}{:>14.0f}".format(m["statements"], m["microseconds"], m["perSecond"]))
'
