#!/bin/bash
# Benchmarks/status.sh SECONDS: a CRL with a million entries, in a store with a million certificates: the time from
# RevokeCertificate to the published file, its size, and the most memory of the daemon beyond that of a daemon with an
# empty CRL.
set -euo pipefail
entries=${SIGNET_BENCH_ENTRIES:-1000000}
place=$(mktemp -d)
trap 'kill "$daemon" 2> /dev/null; rm -rf "$place"' EXIT
export SIGNET_SOCKET=$place/d/signet.sock
start() {
    Scripts/dev "$place/d" > "$place/out" 2> "$place/log" &
    daemon=$!
    until grep -q ready "$place/out"; do
        kill -0 "$daemon" || { cat "$place/log" >&2; exit 1; }
        sleep 0.1
    done
}
start
root=$("$SIGNET_BIN/signet" ca create --root --subject CN=Root --activate 2> /dev/null)
"$SIGNET_BIN/signet" certificate issue --ca "$root" --key "$place/k" --new-key ec --dns a.example.test --days 30 \
    --output "$place/a.pem" 2> /dev/null > /dev/null
list=$place/d/private/published/crl/${root##*/}.crl
until [ -s "$list" ]; do sleep 0.1; done
memory() { awk '/^'"$1"'/ {print $2}' "/proc/$(pgrep -f "signetd --config $place/d" | head -1)/status"; }
before=$(memory VmRSS)
kill "$daemon" && wait "$daemon" || true
# The CRL's own record is older than the revocations.
Benchmarks/fill-store.py "$place/d/private/signet.sqlite" "${root##*/}" "$entries" "$entries"
start
size() { stat -c %s "$list"; }
until [ "$(size)" -gt $((entries * 30)) ]; do sleep 0.1; done
serial=$(openssl x509 -noout -serial -in "$place/a.pem" | cut -d= -f2)
old=$(sha256sum < "$list")
began=$(date +%s%N)
"$SIGNET_BIN/signet" certificate revoke "$serial" --reason superseded --yes > /dev/null
while [ "$(sha256sum < "$list")" = "$old" ]; do :; done
ended=$(date +%s%N)
awk -v ms=$(((ended - began) / 1000000)) -v octets="$(size)" -v n="$entries" -v kb=$(($(memory VmHWM) - before)) 'BEGIN {
    printf "CRL of %d entries   %.2f s from the request to the file (limit 5)   %.1f octets an entry (limit 36)   %d MB more (limit 300)\n",
        n, ms / 1000, octets / n, kb / 1024 }'
kill "$daemon" && wait "$daemon" || true
"$(dirname "$0")/ocsp.sh" "${1:-5}"
