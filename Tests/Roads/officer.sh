# Security officers: requests that wait, a PIN, and a token's service.
serve
authorities
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout sub.key \
    -subj "/O=Example/CN=Example Partner CA" -out sub.csr 2> /dev/null
cp sub.csr /home/registrar
become registrar
echo "# A request that waits for two officers, and what its requester may not do"
show signet certificate issue --ca "$root" --csr sub.csr --days 365 --template SubordinateCACertificate_PathLen0/V1 --no-wait
request=$(signet approval list --json | sed -n 's/.*"Id" *: *"\(.*\)".*/\1/p')
certificate=$(signet approval show "$request" --json | sed -n 's/.*"CertificateArn" *: *"\(.*\)".*/\1/p')
wanted=$(signet approval show "$request" --json | sed -n 's/.*"Digest" *: *"\(.*\)".*/\1/p')
show signet approval approve "$request" --digest "$wanted"
become anna
show signet approval list
show signet approval show "$request"
show signet approval approve "$request" --digest 00
show signet approval approve "$request" --digest "$wanted"
show signet approval approve "$request" --digest "$wanted"
become bo
show signet approval approve "$request" --digest "$wanted"
show signet approval reject "$request" --reason "too late"
show signet approval show nope
show signet approval show 00000000-0000-4000-8000-000000000000
show signet certificate issue --ca "$root" --csr /home/mira/sub.csr --days 365
echo "# A request that is rejected"
become registrar
signet certificate issue --ca "$root" --csr sub.csr --days 30 --template SubordinateCACertificate_PathLen0/V1 --no-wait > arn
request=$(signet approval list --json | sed -n 's/.*"Id" *: *"\(.*\)".*/\1/p')
become anna
show signet approval reject "$request" --reason "not today"
become registrar
show signet certificate get "$(cat arn)"
echo "# A new PIN, by the officer at the token"
become root
printf 'a-new-pin-1234' > new-pin && chmod 600 new-pin
install -m 600 /etc/signet/pin old-pin
printf 'wrong' > wrong-pin && chmod 600 wrong-pin
token() { SOFTHSM2_CONF=/etc/signet/softhsm2.conf signet-token "$1" --module /usr/lib/softhsm/libsofthsm2.so --token pkcs11:token=issuing "${@:2}"; }
show token change-pin --pin-file wrong-pin --new-pin-file new-pin
show token change-pin --pin-file missing-pin --new-pin-file new-pin
show token change-pin --pin-file old-pin --new-pin-file new-pin
echo "# The token is taken out of service with the old PIN still in the file, and mended"
show signet token drain issuing
show signet certificate issue --ca "$root" --key x.key --new-key ec --dns x.example.test --days 30 --output x.pem
show signet token resume issuing
show signet token list
install -o signet -g signet -m 0600 new-pin /etc/signet/pin
show signet token resume issuing
show signet token drain nope
show signet token list
echo "# That is not for every principal"
become ingress
show signet token drain issuing
halt
