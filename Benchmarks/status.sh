#!/bin/bash
# Benchmarks/status.sh SECONDS: a CRL with a million entries: the time from RevokeCertificate to the published
# file, its size, and the memory of the daemon beyond what it had before.
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
kill "$daemon" && wait "$daemon" || true
# A store with a million revocations. The CRL's own record is older than they are.
sqlite3 "$place/d/private/signet.sqlite" "
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $entries)
    INSERT INTO revocation (certificateAuthority, serialNumber, revokedAt, reason, notAfter)
    SELECT '${root##*/}', unhex(printf('7%031x', n)), unixepoch(), 'UNSPECIFIED', unixepoch() + 86400000 FROM numbers;" \
    2> /dev/null || python3 - "$place/d/private/signet.sqlite" "${root##*/}" "$entries" <<'PYTHON'
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1])
now = int(time.time())
db.executemany(
    "INSERT INTO revocation (certificateAuthority, serialNumber, revokedAt, reason, notAfter) VALUES (?, ?, ?, ?, ?)",
    ((sys.argv[2], bytes.fromhex(f"7{n:031x}"), now, "UNSPECIFIED", now + 86_400_000) for n in range(int(sys.argv[3]))),
)
db.commit()
PYTHON
start
size() { stat -c %s "$list"; }
until [ "$(size)" -gt $((entries * 30)) ]; do sleep 0.1; done
sleep 2
pid=$(pgrep -f "signetd --config $place/d" | head -1)
memory() { awk '/^'"$1"'/ {print $2}' "/proc/$pid/status"; }
before=$(memory VmRSS)
echo 5 > "/proc/$pid/clear_refs"
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
