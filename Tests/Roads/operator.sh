# An operator: a change of the configuration, a backup, the worst hour, and the tools for policies.
become root
# The daemon in the foreground, without its log.
start() {
    setpriv --reuid=signet --regid=signet --init-groups signetd --config /etc/signet/signetd.yaml 2>&1 | grep -v '^[0-9]'
    return "${PIPESTATUS[0]}"
}
restore() { as signet signetd restore "$@" --config /etc/signet/signetd.yaml; }
# Writes a checkpoint of at least that many events into a file. One is signed each second.
checkpoint() {
    for _ in $(seq 600); do
        signet audit checkpoint > "$2" 2> /dev/null && [ "$(sed -n 2p "$2")" -ge "$1" ] && return
        sleep 0.1
    done
}
database=/var/lib/signet/signet.sqlite
show signetd --check --config /etc/signet/signetd.yaml
sed 's/group: signet-clients/gruop: signet-clients/' /etc/signet/signetd.yaml > /etc/signet/wrong.yaml
show signetd --check --config /etc/signet/wrong.yaml
show signetd --check --config nowhere.yaml
chown root: /etc/signet/pin
show signetd --check --config /etc/signet/signetd.yaml
chown signet: /etc/signet/pin
serve
signet ca create --root --subject "CN=Example Root" --activate > root-arn 2> /dev/null
echo "# A policy with a mistake changes nothing"
cp /etc/signet/policies/administrator.json good.json
sed 's/signet:\*/signet:Fly/' good.json > /etc/signet/policies/administrator.json
show signet policy reload
cp good.json /etc/signet/policies/administrator.json
show signet policy reload
show signet policy status
echo "# A backup, and a restore over a running daemon"
backup=/var/backups/signet-monday.sqlite
checkpoint 1 /var/backups/monday-checkpoint
show signetd backup $backup --config /etc/signet/signetd.yaml
show signetd backup $backup --config /etc/signet/signetd.yaml
show signetd backup missing/monday.sqlite --config /etc/signet/signetd.yaml
chown signet: $backup
show restore $backup
show start
signet certificate issue --ca "Example Root" --key a.key --new-key ec --dns a.example.test --days 30 --output a.pem > /dev/null 2>&1
checkpoint 22 /var/backups/newest-checkpoint
halt
echo "# A restore as root, of what is no backup, and of a truncated one: the database stays"
before=$(digest $database)
show signetd restore $backup --config /etc/signet/signetd.yaml
show restore /etc/signet/policies/administrator.json
head -c 20000 $backup > /var/backups/short.sqlite
show restore /var/backups/short.sqlite
show restore /var/backups/nofile.sqlite
[ "$before" = "$(digest $database)" ] && echo "the database is as it was"
echo "# The restore"
show restore $backup --since /var/backups/monday-checkpoint --since /var/backups/newest-checkpoint
serve
show signet ca list
halt
echo "# A database that is none"
printf 'not a database, but a text of some length\n%.0s' $(seq 200) > $database
rm -f $database-wal $database-shm
show start
echo "# The tools for policies need no daemon"
become mira
show signet policy explain --config HSMConfig/signetd.yaml --principal role/ingress --action acm-pca:IssueCertificate \
    --template EndEntityCertificate/V1 --context signet:DNSNames=www.example.com --context signet:ValidityDays=30
show signet policy matrix --config HSMConfig/signetd.yaml --action acm-pca:IssueCertificate
show signet policy check --config HSMConfig/signetd.yaml HSMConfig/policies/assertions.yaml
show signet policy test --config HSMConfig/signetd.yaml HSMConfig/policies/cases.yaml
show signet policy check --config HSMConfig/signetd.yaml nowhere.yaml
