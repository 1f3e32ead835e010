#!/bin/bash
# Benchmarks/issue.sh SECONDS: raw C_Sign, and IssueCertificate over the socket, durable, in one run on one token, with
# the ratio to raw as it was just before and just after, for the speed of a machine changes; the same with CERTIFICATES
# (1000000) in the store, in turns with a daemon that has none; and what preparing costs beside signing and verifying.
# `Scripts/bench issue` calls it, with SIGNET_BIN set. CERTIFICATES=0 leaves the second out.
set -euo pipefail
seconds=$1
dir=$(mktemp -d /tmp/signet-bench.XXXXXX)
daemon=
finish() {
    # shellcheck disable=SC2046
    kill $(jobs -p) 2> /dev/null || true
    wait
    rm -rf "$dir"
}
trap finish EXIT
# shellcheck disable=SC2046
gcc -O2 -o "$dir/raw-sign" Benchmarks/raw-sign.c $(pkg-config --cflags p11-kit-1) -ldl -pthread
gcc -O2 -D_GNU_SOURCE -o "$dir/issue-load" Benchmarks/issue-load.c -pthread

start() { # NAME
    # The quota of one principal is no limit of the daemon's.
    SIGNET_DEV_QUOTAS=none Scripts/dev "$dir/$1" > "$dir/$1.log" 2>&1 &
    daemon=$!
    for _ in $(seq 600); do
        if grep -q ready "$dir/$1.log"; then return; fi
        sleep 0.1
    done
    cat "$dir/$1.log" >&2
    exit 1
}
# What a build left to be written to disk would be felt.
sync
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/key.pem" -out "$dir/a.csr" \
    -subj "/CN=bench.example.com" -addext "subjectAltName=DNS:bench.example.com" 2> /dev/null
start d
module=$(awk '/module:/ { print $2 }' "$dir/d/signetd.yaml")
private="$dir/d/private"

# Raw C_Sign with one caller, for a second.
now() { SOFTHSM2_CONF="$private/softhsm2.conf" "$dir/raw-sign" "$module" signet-dev "$private/pin" 1 1; }
raw() { SOFTHSM2_CONF="$private/softhsm2.conf" "$dir/raw-sign" "$module" signet-dev "$private/pin" "$seconds" "$1"; }
issue() { "$dir/issue-load" "$dir/d/signet.sock" "$dir/d/request" "$seconds" "$1"; }
issue_empty() { "$dir/issue-load" "$dir/e/signet.sock" "$dir/e/request" "$seconds" "$1"; }
memory() { awk '/VmHWM/ { print int($2 / 1024) }' "/proc/$daemon/status"; }
row() {
    local name=$1 callers=$2 before answer
    shift 2
    echo "measuring: $name, $callers" >&2
    before=$(now)
    answer=$("$@" "$callers")
    printf '%s|%s|%s|%s|%s\n' "$name" "$callers" "$answer" "$before" "$(now)" >> "$dir/rows"
}

# A root in the daemon NAME, its ARN, and the request of a certificate from it in the file NAME/request.
make_request() {
    local ca body
    ca=$(SIGNET_SOCKET="$dir/$1/signet.sock" "$SIGNET_BIN/signet" ca create --root --subject "CN=Bench" --activate 2> /dev/null)
    body=$(python3 - "$ca" "$dir/a.csr" <<'PYTHON'
import base64, json, sys

csr = base64.b64encode(open(sys.argv[2], "rb").read()).decode()
print(json.dumps({"CertificateAuthorityArn": sys.argv[1], "Csr": csr, "SigningAlgorithm": "SHA256WITHECDSA",
                  "Validity": {"Value": 30, "Type": "DAYS"}}), end="")
PYTHON
    )
    printf 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: ACMPrivateCA.IssueCertificate\r\nContent-Length: %d\r\n\r\n%s' \
        "${#body}" "$body" > "$dir/$1/request"
    echo "$ca"
}
ca=$(make_request d)

worker() {
    "$SIGNET_BIN/signet-bench" worker --worker "$SIGNET_BIN/signet-token-worker" --module "$module" \
        --uri pkcs11:token=signet-dev --pin-file "$private/pin" --softhsm-conf "$private/softhsm2.conf" \
        --seconds "$seconds" --callers "$1"
}
"$SIGNET_BIN/signet-bench" prepare --csr "$dir/a.csr" > "$dir/prepare"
worker 1 > "$dir/worker"
row "C_Sign P-256, raw C" 1 raw
row "C_Sign P-256, raw C" 2 raw
issue 32 > /dev/null
for callers in 1 32 128; do row "IssueCertificate, socket" "$callers" issue; done
memory > "$dir/memory"
certificates=${CERTIFICATES:-1000000}
if [ "$certificates" -gt 0 ]; then
    kill "$daemon" && wait "$daemon" || true
    "$SIGNET_BIN/signet-bench" fill --database "$private/signet.sqlite" --ca "$ca" --count "$certificates"
    # So would what the filling left.
    sync
    start e
    make_request e > /dev/null
    start d
    for round in 0 1 2 3 4 5; do
        if [ "$round" -eq 0 ]; then
            issue_empty 32 > /dev/null
            issue 32 > /dev/null
        else
            row "  with none in store" 32 issue_empty
            row "  with $certificates in store" 32 issue
        fi
    done
    memory >> "$dir/memory"
fi

# A sync of this disk: 4 KiB written over and synced, the median in milliseconds.
sync=$(python3 - "$dir/d/sync" <<'PYTHON'
import os, sys, time

file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
os.write(file, bytes(1 << 20))
os.fsync(file)
times = []
for index in range(300):
    os.pwrite(file, os.urandom(4096), 4096 * (index % 256))
    start = time.monotonic()
    os.fdatasync(file)
    times.append(time.monotonic() - start)
print(sorted(times)[150] * 1000)
PYTHON
)
python3 - "$dir/rows" "$dir/prepare" "$dir/worker" "$dir/memory" "$sync" <<'PYTHON'
import json, os, platform, sys

rows = [line.rstrip("\n").split("|") for line in open(sys.argv[1])]
print(f"{os.cpu_count()} cores for everything, clients included; SoftHSM; {platform.machine()}")
print(f"{'':30}{'callers':>8}{'per second':>12}{'p50 ms':>9}{'p99 ms':>9}{'of raw, 1':>11}")
rate = lambda text: (lambda m: m["operations"] / m["seconds"])(json.loads(text))
raws = [rate(text) for name, _, text, _, _ in rows if "raw" in name]
for name, callers, text, before, after in rows:
    m = json.loads(text)
    print(f"{name:30}{callers:>8}{rate(text):12.0f}{m['p50']:9.3f}{m['p99']:9.3f}"
          f"{2 * rate(text) / (rate(before) + rate(after)):11.3f}")
stores = [rate(text) for name, _, text, _, _ in rows if "in store" in name]
if stores:
    ratios = sorted(filled / empty for empty, filled in zip(stores[::2], stores[1::2]))
    print(f"rate with the store filled: {ratios[len(ratios) // 2]:.2f} of that with none ({ratios[0]:.2f} to {ratios[-1]:.2f})")
memory = open(sys.argv[4]).read().split()
print(f"most memory of the daemon, MB: {', then '.join(memory)}; a sync of this disk {float(sys.argv[5]):.2f} ms")
cost = json.load(open(sys.argv[2]))
sign, raw = json.load(open(sys.argv[3]))["cpu"], 1e6 / raws[0]
print("microseconds of processor time for one certificate, P-256:")
print(f"  prepare and lint {cost['prepare']:.0f} (the CSR's own signature verified), sign through the worker {sign:.0f}"
      f" (raw C_Sign {raw:.0f}), verify {cost['verify']:.0f}")
print(f"  prepare and lint / (sign + verify): {cost['prepare'] / (sign + cost['verify']):.2f};"
      f" against raw C_Sign {cost['prepare'] / (raw + cost['verify']):.2f}")
PYTHON
