# A security officer: requests that wait, a PIN, and a token's service.
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["acm-pca:*","signet:*"],"Resource":"*"},{"Effect":"Deny","Action":"acm-pca:DeletePolicy","Resource":"*","Condition":{"NumericLessThan":{"signet:ApprovalCount":"1"}}}]}' > administrator.json
serve
root=$(signet ca create --root --subject "CN=Example Root" --activate 2> /dev/null)
echo "# A request that waits for an officer, and what its requester may not do"
show signet ca policy delete "$root"
request=$(signet approval list --json | sed -n 's/.*"Id" *: *"\(.*\)".*/\1/p')
show signet approval show "$request"
wanted=$(signet approval show "$request" --json | sed -n 's/.*"Digest" *: *"\(.*\)".*/\1/p')
show signet approval approve "$request" --digest "$wanted"
show signet approval approve "$request" --digest 00
show signet approval show nope
show signet approval show 00000000-0000-4000-8000-000000000000
show signet approval reject "$request" --reason "not today"
show signet approval reject "$request" --reason "not today"
echo "# A new PIN"
printf 'a-new-pin-1234' > new-pin && chmod 600 new-pin
printf 'wrong' > wrong-pin && chmod 600 wrong-pin
token() { signet-token "$1" --module "$MODULE" --token "$TOKEN" "${@:2}"; }
show token change-pin --pin-file wrong-pin --new-pin-file new-pin
show token change-pin --pin-file missing-pin --new-pin-file new-pin
show token change-pin --pin-file "$PIN" --new-pin-file new-pin
echo "# The token is taken out of service with the old PIN still in the file, and mended"
show signet token drain main
show signet certificate issue --ca "Example Root" --key x.key --new-key ec --dns x.example.test --days 30 --output x.pem
show signet token resume main
show signet token list
install -m 600 new-pin "$PIN"
show signet token resume main
show signet token drain nope
show signet token list
halt
