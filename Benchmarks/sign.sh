#!/bin/bash
# Benchmarks/sign.sh SECONDS: signatures by SoftHSM, raw, raw from another process, through signet-token-worker, and
# through p11-kit's server, for P-256 and RSA-2048, on one token in one run. Those that are compared are measured in
# turns, so that a machine that becomes slower does so for all. `Scripts/bench sign` calls it, with SIGNET_BIN set.
set -euo pipefail
rounds=5
seconds=$(awk "BEGIN {print $1 / $rounds}")
dir=$(mktemp -d /tmp/signet-bench.XXXXXX)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2> /dev/null || true; fi
    rm -rf "$dir"
}
trap finish EXIT
for program in raw-sign fill-token; do
    # shellcheck disable=SC2046
    gcc -O2 -o "$dir/$program" "Benchmarks/$program.c" $(pkg-config --cflags p11-kit-1) -ldl -pthread
done
module=/usr/lib/softhsm/libsofthsm2.so
export SOFTHSM2_CONF="$dir/softhsm2.conf"
mkdir "$dir/tokens"
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$dir" > "$SOFTHSM2_CONF"
(umask 077 && printf 7654321 > "$dir/pin" && printf 87654321 > "$dir/so")
"$SIGNET_BIN/signet-token" init --module "$module" --label bench --so-pin-file "$dir/so" --pin-file "$dir/pin" > /dev/null
eval "$(Benchmarks/p11-kit-server.sh "$module" pkcs11:token=bench)"
server=$P11_KIT_SERVER_PID

# What a build left to be written to disk would be felt.
sync
raw() { "$dir/raw-sign" "$module" bench "$dir/pin" "$seconds" "$1" "$2"; }
apart() { "$dir/raw-sign" "$module" bench "$dir/pin" "$seconds" "$1" "$2" apart; }
client() { "$dir/raw-sign" "$P11_KIT_CLIENT" bench "$dir/pin" "$seconds" "$1" "$2"; }
worker() {
    "$SIGNET_BIN/signet-bench" worker --worker "$SIGNET_BIN/signet-token-worker" --module "$module" \
        --uri pkcs11:token=bench --pin-file "$dir/pin" --softhsm-conf "$SOFTHSM2_CONF" --seconds "$seconds" \
        --callers "$1" --key "$2"
}
row() { # NAME HOW CALLERS KEY
    local measured
    measured=$("$2" "$3" "$4")
    printf '%s|%s|%s|%s\n' "$1" "$4" "$3" "$measured" >> "$dir/rows"
}
turns() { # CALLERS KEY [NAME HOW]...
    local callers=$1 key=$2 round index
    shift 2
    for round in $(seq "$rounds"); do
        echo "measuring: $key, $callers callers, round $round of $rounds" >&2
        for ((index = 1; index < $#; index += 2)); do row "${@:index:2}" "$callers" "$key"; done
    done
}
for key in ecP256 rsa2048; do
    for callers in 1 2 4 32; do
        turns "$callers" "$key" raw raw "raw, apart" apart worker worker "p11-kit server" client
    done
done
echo "putting 2,000 objects on the token" >&2
"$dir/fill-token" "$module" bench "$dir/pin" 2000
turns 2 ecP256 "raw, 2,000 objects" raw "worker, 2,000 objects" worker

python3 - "$dir/rows" <<'PYTHON'
import json, os, platform, sys
from statistics import median

measured = {}
for line in open(sys.argv[1]):
    name, key, callers, text = line.rstrip("\n").split("|", 3)
    measured.setdefault((name, key, callers), []).append(json.loads(text))
rates = {row: [m["operations"] / m["seconds"] for m in rounds] for row, rounds in measured.items()}
print(f"{os.cpu_count()} cores for everything, clients included; SoftHSM; {platform.machine()}")
print(f"{'':24}{'key':>9}{'callers':>9}{'per second':>12}{'p50 ms':>9}{'p99 ms':>9}{'of raw':>8}{'p99/p50':>9}")
for (name, key, callers), rounds in measured.items():
    # Beside those that sign with as many objects on the token.
    beside = ("raw, 2,000 objects" if "2,000" in name else "raw", key, callers)
    of_raw = median(mine / theirs for mine, theirs in zip(rates[name, key, callers], rates[beside]))
    p50, p99 = (median(m[part] for m in rounds) for part in ("p50", "p99"))
    print(f"{name:24}{key:>9}{callers:>9}{median(rates[name, key, callers]):12.0f}{p50:9.3f}{p99:9.3f}"
          f"{of_raw:8.2f}{p99 / p50:9.1f}")
print("medians of", len(rounds), "rounds; of raw: raw C_Sign with as many callers, keys of the same kind and as many objects")
print("apart: from another process, over a socket for each caller, a message for each signature, with nothing around it")
PYTHON
