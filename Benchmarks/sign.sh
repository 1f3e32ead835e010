#!/bin/bash
# Benchmarks/sign.sh SECONDS: signatures by SoftHSM, raw, raw from another process, through signet-token-worker, and through p11-kit's server, for
# P-256 and RSA-2048, on one token in one run. `Scripts/bench sign` calls it, with SIGNET_BIN set.
set -euo pipefail
seconds=$1
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
        --callers "$1" --key "$2" "${@:3}"
}
row() { # NAME HOW CALLERS KEY
    echo "measuring: $1, $4, $3 callers" >&2
    printf '%s|%s|%s|%s\n' "$1" "$4" "$3" "$("$2" "$3" "$4")" >> "$dir/rows"
}
for key in ecP256 rsa2048; do
    for callers in 1 2 4 32; do
        row raw raw "$callers" "$key"
        row "raw, apart" apart "$callers" "$key"
        row worker worker "$callers" "$key"
        row "p11-kit server" client "$callers" "$key"
    done
done
echo "putting 2,000 objects on the token" >&2
"$dir/fill-token" "$module" bench "$dir/pin" 2000
row "raw, 2,000 objects" raw 2 ecP256
row "worker, 2,000 objects" worker 2 ecP256

python3 - "$dir/rows" <<'PYTHON'
import json, os, platform, sys

rows = [line.rstrip("\n").split("|", 3) for line in open(sys.argv[1])]
measured = {(name, key, callers): json.loads(text) for name, key, callers, text in rows}
rate = lambda m: m["operations"] / m["seconds"]
print(f"{os.cpu_count()} cores for everything, clients included; SoftHSM; {platform.machine()}")
print(f"{'':24}{'key':>9}{'callers':>9}{'per second':>12}{'p50 ms':>9}{'p99 ms':>9}{'of raw':>8}{'p99/p50':>9}")
for (name, key, callers), m in measured.items():
    raw = measured[("raw", key, callers)]
    print(f"{name:24}{key:>9}{callers:>9}{rate(m):12.0f}{m['p50']:9.3f}{m['p99']:9.3f}"
          f"{rate(m) / rate(raw):8.2f}{m['p99'] / m['p50']:9.1f}")
print("of raw: raw C_Sign with the same key and the same number of callers")
print("apart: from another process, over a socket of its own, with nothing around it")
PYTHON
