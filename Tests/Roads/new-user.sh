# A new user: the README's commands on a shared machine, and the first mistakes.
serve
authorities
show signet certificate issue --ca "$issuing" --key web.key --new-key ec --dns web.example.test --days 30 \
    --output web.pem --full-chain
signet ca certificate "$root" > root.pem
show openssl verify -CAfile root.pem -untrusted web.pem -verify_hostname web.example.test web.pem
show signet ca list
show signet whoami

echo "# A second authority of the same name"
show signet ca create --root --subject "CN=Example Root,O=Example,C=SE"
show signet ca certificate "Example Root"
echo "# Things that do not exist"
show signet ca describe "Example Rot"
show signet ca describe "${root%????}0000"
show signet certificate get "$root/certificate/00112233445566778899aabbccddeeff"
show signet certificate issue --ca "$issuing" --csr nofile.csr --days 30
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout x.key -subj /CN=x -out x.csr 2> /dev/null
show signet certificate issue --ca "$issuing" --csr x.csr --days 30 --template Webserver
show signet certificate issue --ca "$issuing" --csr root.pem --days 30
echo "# A server certificate that no browser takes"
signet certificate issue --ca "$issuing" --csr x.csr --days 30 --output x.pem 2>&1 | sed -n '/warning/p'
echo "# A validity beyond the authority's"
show signet certificate issue --ca "$issuing" --csr x.csr --days 9999
echo "# The wrong certificate for an authority, and a missing chain"
pending=$(signet ca create --subordinate --subject "CN=Second Issuing CA")
show signet ca import "$pending" --certificate root.pem
show signet ca import "$pending" --certificate web.pem --chain root.pem
openssl x509 -in web.pem > leaf.pem
show signet ca import "$pending" --certificate leaf.pem
echo "# A user that may connect and has no principal, and one that may not connect"
useradd --groups signet-clients --create-home guest
useradd --create-home stranger
become guest
show signet ca list
become stranger
show signet ca list
halt
echo "# The daemon is away"
become mira
show signet ca list
