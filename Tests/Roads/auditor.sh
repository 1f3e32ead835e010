# An auditor: what was issued, by which principal, and what proves it.
serve
authorities
become ingress
for name in ingress api.ingress; do
    signet certificate issue --ca "$issuing" --key $name.key --new-key ec --dns $name.example.com --days 30 \
        --output $name.pem > /dev/null 2>&1
done
become audit
cp /home/ingress/*.pem .
show signet audit certificates --since 7d
show signet audit certificates --since 7d --principal role/ingress
signet audit checkpoint --key > log.key
arn=$(signet audit certificates --since 7d --principal role/ingress --csv | sed -n '2p' | cut -d, -f6)
echo "# A proof for one certificate, and for another one"
show signet audit receipt "${arn##*/}" --output receipt
show signet audit verify-receipt receipt --key log.key --certificate ingress.pem
show signet audit verify-receipt receipt --key log.key --certificate api.ingress.pem
echo "# An export, whole and cut"
show signet audit export export
show signet audit verify export --key log.key
as audit cp -r export cut && find cut -type f -size +300c | sort | tail -1 | xargs truncate -s -10
show signet audit verify cut --key log.key | sed 's/[0-9][0-9]*/<n>/g'
show signet audit verify nowhere --key log.key
echo "# A report, which the auditors' group can read"
show signet ca audit-report --ca "Example Issuing CA" --bucket reports --wait
file=$(find /var/lib/signet-reports -name '*.json')
as audit grep -c certificateArn "$file"
as ingress cat "$file" 2> /dev/null || echo "another user cannot read it"
show signet ca audit-report --ca "Example Issuing CA" --bucket reports --wait
show signet ca audit-report --ca "Example Issuing CA" --bucket elsewhere --wait
echo "# What does not exist, what is not clear, and what is not the auditor's"
show signet audit show 999999
show signet audit show nope
show signet audit list --since yesterday
show signet audit receipt 00ff
show signet token drain issuing
show signet certificate issue --ca "Example Issuing CA" --key web.key --new-key ec --dns web.example.test --days 30 --output new.pem
halt
