# An issuing service: its certificate, its renewal, and what it may not have.
serve
authorities
become ingress
echo "# It may not list authorities, and learns from whoami what it may ask for"
show signet ca list
show signet whoami
issue() { signet certificate issue --ca "Example Issuing CA" --key web.key --new-key ec --output web.pem --full-chain "$@"; }
show issue --dns ingress.example.com --days 30 --reload true
show issue --dns ingress.example.com --days 30 --renew-before 10d
stat --format "%n belongs to %U, %a" web.pem web.key
before=$(digest web.pem; digest web.key)
echo "# Not its name, not its validity, not its template, not its socket: the files stay"
show issue --dns www.example.com --days 30
show issue --dns ingress.example.com --days 91
show issue --dns ingress.example.com --days 30 --template EndEntityServerAuthCertificate/V1
show issue --dns ingress.example.com --days 30 --template Webserver
show issue --dns ingress.example.com --days 30 --reload "echo reload failed >&2; false"
show issue --dns ingress.example.com --days 30 --socket /nowhere/signet.sock
show signet certificate issue --ca "Example Issuing CA" --key web.key --dns ingress.example.com --days 30 --output missing/web.pem
mkdir shared && chmod 777 shared
show signet certificate issue --ca "Example Issuing CA" --key web.key --dns ingress.example.com --days 30 --output shared/web.pem
show signet certificate issue --ca "Example Issuing CA" --key web.key --dns ingress.example.com --days 30 --output /etc/web.pem
[ "$before" = "$(digest web.pem; digest web.key)" ] && echo "the files are as they were"
echo "# An administrator reads why"
refused=$(issue --dns www.example.com --days 30 2>&1 | sed -n 's/.*--event \(.*\)`/\1/p')
become mira
show signet policy explain --event "$refused"
halt
