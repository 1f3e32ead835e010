#!/bin/bash
# Benchmarks/ocsp.sh SECONDS: OCSP responses of signet-responder that are kept, beside its own health answer and beside
# `openssl ocsp`; responses with a nonce, beside raw C_Sign; the rate of an honest relying party while others attack;
# issuance with revocation beside issuance without; and the time from RevokeCertificate to the CRL, the OCSP response and
# nginx, with 10,000 revoked. `Scripts/bench status` calls it, with SIGNET_BIN set.
set -euo pipefail
seconds=${1:-5}
place=$(mktemp -d /tmp/signet-bench.XXXXXX)
chmod 755 "$place"
finish() {
    # shellcheck disable=SC2046
    kill $(jobs -p) 2> /dev/null || true
    wait 2> /dev/null || true
    rm -rf "$place"
}
trap finish EXIT
export SIGNET_SOCKET=$place/d/signet.sock
cd "$(dirname "$0")/.."
# shellcheck disable=SC2046
gcc -O2 -o "$place/raw-sign" Benchmarks/raw-sign.c $(pkg-config --cflags p11-kit-1) -ldl -pthread
gcc -O2 -D_GNU_SOURCE -o "$place/issue-load" Benchmarks/issue-load.c -pthread
signet=$SIGNET_BIN/signet
until_ready() { # FILE LOG
    for _ in $(seq 600); do
        if grep -q ready "$1"; then return; fi
        sleep 0.1
    done
    cat "$2" >&2
    exit 1
}
SIGNET_DEV_QUOTAS=none Scripts/dev "$place/d" > "$place/out" 2> "$place/log" &
until_ready "$place/out" "$place/log"
"$SIGNET_BIN/signet-responder" --listen 127.0.0.1:0 --directory "$place/d/private/published" --live-per-second 0 \
    > "$place/responder" 2> "$place/responder.log" &
until_ready "$place/responder" "$place/responder.log"
port=$(sed 's/.*://' "$place/responder")
url=http://127.0.0.1:$port

authority() { "$signet" ca create --root --subject "CN=$1" --activate 2> /dev/null; }
plain=$(authority Plain)
ca=$(authority Status)
"$signet" ca update "$ca" --ocsp --ocsp-host "127.0.0.1:$port" --crl-days 7 --crl-host crl.example.test > /dev/null
"$signet" ca certificate "$ca" > "$place/ca.pem"
"$signet" certificate issue --ca "$ca" --key "$place/key" --new-key ec --dns localhost --days 30 \
    --output "$place/leaf.pem" > /dev/null 2>&1
until "$signet" ocsp check "$place/leaf.pem" --issuer "$place/ca.pem" > /dev/null 2>&1; do sleep 0.05; done

# A request as a script of wrk: METHOD, and a file with the body or none.
script() {
    python3 - "$1" "${2:-}" <<'PYTHON'
import sys
body = open(sys.argv[2], "rb").read() if sys.argv[2] else b""
print(f'wrk.method = "{sys.argv[1]}"')
if body:
    print('wrk.body = "' + "".join(f"\\x{octet:02x}" for octet in body) + '"')
    print('wrk.headers["Content-Type"] = "application/ocsp-request"')
PYTHON
}
ask() { openssl ocsp -issuer "$place/ca.pem" -cert "$place/leaf.pem" -reqout "$2" "$1" > /dev/null 2>&1; }
ask -no_nonce "$place/kept.req"
ask -nonce "$place/live.req"
script POST "$place/kept.req" > "$place/kept.lua"
script POST "$place/live.req" > "$place/live.lua"
script GET > "$place/health.lua"
rate() { # NAME CONNECTIONS URL
    echo "measuring: $1" >&2
    wrk -t1 "-c$2" "-d${seconds}s" -s "$place/$1.lua" "$3" | awk '/Requests\/sec/ { print $2 }'
}
rate kept 32 "$url" > /dev/null
for _ in 1 2 3; do
    rate health 32 "$url/health/live" >> "$place/health.rates"
    rate kept 32 "$url" >> "$place/kept.rates"
done

# OpenSSL's own responder, with the same certificate.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$place/o.key" -out "$place/o.pem" \
    -subj /CN=Peer -days 30 > /dev/null 2>&1
printf 'V\t271201000000Z\t\t01\tunknown\t/CN=leaf\n' > "$place/index"
openssl ocsp -index "$place/index" -port 18099 -rsigner "$place/o.pem" -rkey "$place/o.key" -CA "$place/o.pem" \
    -ignore_err > /dev/null 2>&1 &
openssl ocsp -issuer "$place/o.pem" -serial 1 -no_nonce -reqout "$place/peer.req" > /dev/null 2>&1
sleep 1
echo "measuring: openssl ocsp" >&2
# It serves one connection after the other, one request each; wrk opens one connection that sends nothing.
python3 - "$place/peer.req" "$seconds" > "$place/peer.rate" <<'PYTHON'
import socket, sys, time
body = open(sys.argv[1], "rb").read()
request = (b"POST / HTTP/1.0\r\nContent-Type: application/ocsp-request\r\nContent-Length: %d\r\n\r\n" % len(body)) + body
count, began = 0, time.monotonic()
while time.monotonic() - began < float(sys.argv[2]):
    with socket.create_connection(("127.0.0.1", 18099)) as connection:
        connection.sendall(request)
        while connection.recv(65536):
            pass
    count += 1
print(count / (time.monotonic() - began))
PYTHON

# Responses with a nonce: the token signs each.
module=$(awk '/module:/ { print $2 }' "$place/d/signetd.yaml")
private="$place/d/private"
raw() {
    SOFTHSM2_CONF="$private/softhsm2.conf" "$place/raw-sign" "$module" signet-dev "$private/pin" "$seconds" 1 \
        | python3 -c 'import json, sys; m = json.load(sys.stdin); print(m["operations"] / m["seconds"])'
}
for _ in 1 2 3; do
    echo "measuring: raw C_Sign" >&2
    raw >> "$place/raw.rates"
    rate live 32 "$url" >> "$place/live.rates"
done

Benchmarks/responder-hostile.py "$port" "$place/kept.req" "$seconds"

# Issuance, in turns.
request() { # AUTHORITY FILE
    python3 - "$1" "$place/a.csr" > "$2" <<'PYTHON'
import base64, json, sys
csr = base64.b64encode(open(sys.argv[2], "rb").read()).decode()
body = json.dumps({"CertificateAuthorityArn": sys.argv[1], "Csr": csr, "SigningAlgorithm": "SHA256WITHECDSA",
                   "Validity": {"Value": 30, "Type": "DAYS"}})
print("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.1\r\n"
      f"X-Amz-Target: ACMPrivateCA.IssueCertificate\r\nContent-Length: {len(body)}\r\n\r\n{body}", end="")
PYTHON
}
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$place/b.key" -out "$place/a.csr" \
    -subj "/CN=bench.example.com" -addext "subjectAltName=DNS:bench.example.com" 2> /dev/null
request "$plain" "$place/plain.request"
request "$ca" "$place/status.request"
issue() {
    echo "measuring: issuance, $1" >&2
    "$place/issue-load" "$SIGNET_SOCKET" "$place/$1.request" "$seconds" 32 \
        | python3 -c 'import json, sys; m = json.load(sys.stdin); print(m["operations"] / m["seconds"])'
}
issue plain > /dev/null
for _ in $(seq 12); do
    issue plain >> "$place/plain.rates"
    issue status >> "$place/status.rates"
done

# 10,000 revocations, and one more that is watched: in the CRL, in the OCSP response, and by nginx.
echo "measuring: revocation with 10,000 revoked" >&2
"$signet" certificate issue --ca "$ca" --key "$place/client.key" --new-key ec --dns client.test --days 30 \
    --output "$place/client.pem" > /dev/null 2>&1
pid=$(pgrep -f "signetd --config $place/d" | head -1)
kill "$pid"
while kill -0 "$pid" 2> /dev/null; do sleep 0.05; done
Benchmarks/fill-store.py "$private/signet.sqlite" "${ca##*/}" 10000 10000
SIGNET_DEV_QUOTAS=none Scripts/dev "$place/d" > "$place/out" 2> "$place/log" &
until_ready "$place/out" "$place/log"
list=$private/published/crl/${ca##*/}.crl
until [ "$(stat -c %s "$list")" -gt 300000 ]; do sleep 0.1; done
until "$signet" ocsp check "$place/client.pem" --issuer "$place/ca.pem" --no-nonce > /dev/null 2>&1; do sleep 0.05; done
"$signet" crl bundle --ca "$ca" --output "$place/clients.crl" > /dev/null
cat > "$place/nginx.conf" <<NGINX
daemon off; pid $place/nginx.pid; error_log stderr; events {}
http { access_log off; client_body_temp_path $place/1; proxy_temp_path $place/2; fastcgi_temp_path $place/3;
uwsgi_temp_path $place/4; scgi_temp_path $place/5;
server { listen 127.0.0.1:18443 ssl; ssl_certificate $place/leaf.pem; ssl_certificate_key $place/key;
ssl_client_certificate $place/ca.pem; ssl_crl $place/clients.crl; ssl_verify_client on;
location / { return 200 yes; } } }
NGINX
nginx -p "$place/" -c "$place/nginx.conf" -e stderr > "$place/nginx.log" 2>&1 &
get() { curl -ksf --max-time 5 --cert "$place/client.pem" --key "$place/client.key" https://127.0.0.1:18443/; }
until get > /dev/null; do sleep 0.05; done
serial=$(openssl x509 -noout -serial -in "$place/client.pem" | cut -d= -f2)
old=$(stat -c %i "$list")
now() { date +%s%N; }
began=$(now)
"$signet" certificate revoke "$serial" --reason superseded --yes > /dev/null
revoked=$(now)
(
    while [ "$(stat -c %i "$list")" = "$old" ]; do sleep 0.005; done
    now > "$place/crl.at"
) &
crl=$!
(
    while "$signet" ocsp check "$place/client.pem" --issuer "$place/ca.pem" --no-nonce > /dev/null 2>&1; do :; done
    now > "$place/ocsp.at"
) &
ocsp=$!
# The reload hook of the example, each second as a timer would.
(
    while get > /dev/null; do
        "$signet" crl bundle --ca "$ca" --output "$place/clients.crl" \
            --reload "nginx -p $place/ -c $place/nginx.conf -e stderr -s reload" > /dev/null
        sleep 1
    done
    now > "$place/nginx.at"
) &
wait "$crl" "$ocsp" $!
python3 - "$place" "$began" "$revoked" <<'PYTHON'
import statistics, sys
place, began, revoked = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
read = lambda name: [float(line) for line in open(f"{place}/{name}")]
middle = lambda name: statistics.median(read(name))
health, kept, peer = middle("health.rates"), middle("kept.rates"), read("peer.rate")[0]
raw, live = middle("raw.rates"), middle("live.rates")
plain, status = read("plain.rates"), read("status.rates")
ratios = sorted(after / before for before, after in zip(plain, status))
print(f"OCSP, kept      {kept:9.0f}/s   {kept / health:5.2f} of the health answer's {health:.0f}/s (limit 0.70)"
      f"   {kept / peer:6.1f} times openssl ocsp's {peer:.0f}/s (limit 5)")
print(f"OCSP, nonce     {live:9.0f}/s   {live / raw:5.2f} of raw C_Sign with one caller, {raw:.0f}/s (limit 0.25)")
print(f"issuance        {statistics.median(status):9.0f}/s   {statistics.median(ratios):5.2f} of without revocation"
      f" ({ratios[0]:.2f} to {ratios[-1]:.2f}; limit 0.95)")
at = lambda name: (int(open(f"{place}/{name}").read()) - revoked) / 1e9
print(f"10,000 revoked  after RevokeCertificate ({(revoked - began) / 1e9:.2f} s with its command):"
      f" CRL {max(0, at('crl.at')):.2f} s, OCSP {at('ocsp.at'):.2f} s (limit 2), nginx {at('nginx.at'):.2f} s (limit 5)")
PYTHON
