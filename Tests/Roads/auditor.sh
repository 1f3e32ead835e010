# An auditor: what was issued, by whom, and what proves it.
mkdir reports
printf '\nlog: {origin: ca.example.com/log}\naudit-reports:\n  buckets: {reports: %s}\n' "$PWD/reports" >> signetd.yaml
serve
root=$(signet ca create --root --subject "CN=Example Root,O=Example" --activate 2> /dev/null)
signet certificate issue --ca "$root" --key web.key --new-key ec --dns web.example.test --days 30 --output web.pem > /dev/null 2>&1
signet certificate issue --ca "$root" --key api.key --new-key ec --dns api.example.test --days 30 --output api.pem > /dev/null 2>&1
become auditor
show signet audit certificates --since 7d
signet audit checkpoint --key > log.key
arn=$(signet audit certificates --since 7d --csv | sed -n '3p' | cut -d, -f6)
echo "# A proof for one certificate, and for another one"
show signet audit receipt "${arn##*/}" --output receipt
show signet audit verify-receipt receipt --key log.key --certificate web.pem
show signet audit verify-receipt receipt --key log.key --certificate api.pem
echo "# An export, whole and cut"
show signet audit export export
show signet audit verify export --key log.key
cp -r export cut && find cut -type f -size +300c | sort | tail -1 | xargs truncate -s -10
show signet audit verify cut --key log.key | sed 's/[0-9][0-9]*/<n>/g'
show signet audit verify nowhere --key log.key
echo "# A report"
show signet ca audit-report --ca "Example Root" --bucket reports --wait
show signet ca audit-report --ca "Example Root" --bucket reports --wait
show signet ca audit-report --ca "Example Root" --bucket elsewhere --wait
echo "# What does not exist, what is not clear, and what is not the auditor's"
show signet audit show 999999
show signet audit show nope
show signet audit list --since yesterday
show signet audit receipt 00ff
show signet token drain main
show signet certificate issue --ca "Example Root" --key web.key --dns web.example.test --days 30 --output new.pem
halt
