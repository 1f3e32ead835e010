#!/bin/bash
# Benchmarks/issue.sh SECONDS: raw C_Sign, and IssueCertificate over the socket, durable, in one run on one token, with
# the ratio to raw; and what preparing costs beside signing and verifying. `Scripts/bench issue` calls it, with SIGNET_BIN set.
set -euo pipefail
seconds=$1
dir=$(mktemp -d /tmp/signet-bench.XXXXXX)
daemon=
finish() {
    if [ -n "$daemon" ]; then kill "$daemon" 2> /dev/null || true; wait "$daemon" 2> /dev/null || true; fi
    rm -rf "$dir"
}
trap finish EXIT
# shellcheck disable=SC2046
gcc -O2 -o "$dir/raw-sign" Benchmarks/raw-sign.c $(pkg-config --cflags p11-kit-1) -ldl -pthread

Scripts/dev "$dir/d" > "$dir/log" 2>&1 &
daemon=$!
for _ in $(seq 100); do
    if grep -q ready "$dir/log"; then break; fi
    sleep 0.1
done
export SIGNET_SOCKET="$dir/d/signet.sock"
ca=$("$SIGNET_BIN/signet" ca create --root --subject "CN=Bench" --activate 2> /dev/null)
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/key.pem" -out "$dir/a.csr" \
    -subj "/CN=bench.example.com" -addext "subjectAltName=DNS:bench.example.com" 2> /dev/null
module=$(awk '/module:/ { print $2 }' "$dir/d/signetd.yaml")
private="$dir/d/private"

raw() { SOFTHSM2_CONF="$private/softhsm2.conf" "$dir/raw-sign" "$module" signet-dev "$private/pin" "$seconds" "$1"; }
issue() {
    "$SIGNET_BIN/signet-bench" issue --socket "$SIGNET_SOCKET" --ca "$ca" --csr "$dir/a.csr" --seconds "$seconds" \
        --callers "$1"
}
row() {
    local name=$1 callers=$2 answer
    shift 2
    echo "measuring: $name, $callers" >&2
    answer=$("$@" "$callers")
    printf '%s|%s|%s\n' "$name" "$callers" "$answer" >> "$dir/rows"
}

worker() {
    "$SIGNET_BIN/signet-bench" worker --worker "$SIGNET_BIN/signet-token-worker" --module "$module" \
        --uri pkcs11:token=signet-dev --pin-file "$private/pin" --softhsm-conf "$private/softhsm2.conf" \
        --seconds "$seconds" --callers "$1"
}
"$SIGNET_BIN/signet-bench" prepare --csr "$dir/a.csr" > "$dir/prepare"
worker 1 > "$dir/worker"
row "C_Sign P-256, raw C" 1 raw
row "C_Sign P-256, raw C" 2 raw
row "IssueCertificate, socket" 1 issue
row "IssueCertificate, socket" 32 issue

python3 - "$dir/rows" "$dir/prepare" "$dir/worker" <<'PYTHON'
import json, os, platform, sys

rows = [line.rstrip("\n").split("|", 2) for line in open(sys.argv[1])]
print(f"{os.cpu_count()} cores for everything, clients included; SoftHSM; {platform.machine()}")
print(f"{'':26}{'callers':>8}{'per second':>12}{'p50 ms':>9}{'p99 ms':>9}{'of raw, 1':>11}{'of raw, best':>14}")
rate = lambda text: (lambda m: m["operations"] / m["seconds"])(json.loads(text))
raws = [rate(text) for name, _, text in rows if "raw" in name]
for name, callers, text in rows:
    m = json.loads(text)
    print(f"{name:26}{callers:>8}{rate(text):12.0f}{m['p50']:9.3f}{m['p99']:9.3f}"
          f"{rate(text) / raws[0]:11.3f}{rate(text) / max(raws):14.3f}")
cost = json.load(open(sys.argv[2]))
sign, raw = json.load(open(sys.argv[3]))["cpu"], 1e6 / raws[0]
print("microseconds of processor time for one certificate, P-256:")
print(f"  prepare and lint {cost['prepare']:.0f} (the CSR's own signature verified), sign through the worker {sign:.0f}"
      f" (raw C_Sign {raw:.0f}), verify {cost['verify']:.0f}")
print(f"  prepare and lint / (sign + verify): {cost['prepare'] / (sign + cost['verify']):.2f};"
      f" against raw C_Sign {cost['prepare'] / (raw + cost['verify']):.2f}")
PYTHON
