# An operator: a change of the configuration, a backup, and the worst hour.
# The daemon in the foreground, without its log.
start() { signetd --config signetd.yaml 2>&1 | grep -v '^[0-9]'; return "${PIPESTATUS[0]}"; }
show signetd --check --config signetd.yaml
sed 's/idle-seconds/idle-second/' signetd.yaml > wrong.yaml
show signetd --check --config wrong.yaml
show signetd --check --config nowhere.yaml
serve
root=$(signet ca create --root --subject "CN=Example Root" --activate 2> /dev/null)
echo "# A policy with a mistake changes nothing"
cp administrator.json good.json
sed 's/signet:\*/signet:Fly/' good.json > administrator.json
show signet policy reload
cp good.json administrator.json
show signet policy reload
echo "# A backup, and a restore over a running daemon"
mkdir -m 700 backups
show signetd backup backups/monday.sqlite --config signetd.yaml
show signetd backup backups/monday.sqlite --config signetd.yaml
show signetd backup missing/monday.sqlite --config signetd.yaml
show signetd restore backups/monday.sqlite --config signetd.yaml
show start
signet certificate issue --ca "Example Root" --key a.key --new-key ec --dns a.example.test --days 30 --output a.pem > /dev/null 2>&1
halt
echo "# A restore of what is no backup, and of a truncated one: the database stays"
before=$(digest signet.sqlite)
show signetd restore administrator.json --config signetd.yaml
head -c 20000 backups/monday.sqlite > backups/short.sqlite
show signetd restore backups/short.sqlite --config signetd.yaml
show signetd restore backups/nofile.sqlite --config signetd.yaml
[ "$before" = "$(digest signet.sqlite)" ] && echo "the database is as it was"
echo "# The restore"
show signetd restore backups/monday.sqlite --config signetd.yaml
serve
show signet ca list
halt
echo "# A database that is none"
printf 'not a database, but a text of some length\n%.0s' $(seq 200) > signet.sqlite
rm -f signet.sqlite-wal signet.sqlite-shm
show start
