# A machine as Docs/Operations.md describes it, made in a mount namespace of its own, so that the real one stays as
# it is. BLOCKS has the document's blocks: installing.sh, signetd.yaml. PROGRAMS is a directory with the programs,
# and ROOT the checkout.
set -euo pipefail
scratch=$(mktemp -d "$BLOCKS/machine.XXXXXX")
chmod 755 "$scratch"
cp -a /etc "$scratch/etc"
mount --bind "$scratch/etc" /etc
for directory in /run /home /root /usr/local/bin /var/lib /var/backups /srv; do
    mkdir -p "$scratch$directory"
    mount --bind "$scratch$directory" "$directory"
done
PATH=/usr/local/bin:$PATH

# The release: programs, and the examples.
release=$(mktemp -d /srv/release.XXXXXX)
cp -r "$ROOT/HSMConfig" "$release"
for program in signetd signet-token-worker signet-responder signet signet-token; do
    ln -s "$PROGRAMS/$program" "$release/$program"
done
cd "$release"
. "$BLOCKS/installing.sh" > "$release/log" 2>&1 || { cat "$release/log"; exit 1; }

# The unit's RuntimeDirectory.
install -d -o signet -g signet /run/signet
# Users, and what the configuration has beyond the minimum.
groupadd --system auditors
usermod --append --groups auditors signet
install -d -o signet -g auditors -m 2750 /var/lib/signet-reports
cp "$BLOCKS/signetd.yaml" /etc/signet/signetd.yaml
while read -r name kind policy groups; do
    useradd --create-home --groups "signet-clients$groups" "$name"
    printf '  - uid: %s\n    arn: arn:aws:iam::000000000000:%s/%s\n    policies: [policies/%s.json]\n' \
        "$name" "$kind" "$name" "$policy"
done >> /etc/signet/signetd.yaml <<USERS
mira user administrator
ingress role ingress
registrar user two-person
anna user officer
bo user officer
audit user auditor ,auditors
USERS
printf '\nlog: {origin: ca.example.com/log}\naudit-reports:\n  buckets: {reports: /var/lib/signet-reports}\n' \
    >> /etc/signet/signetd.yaml
ln -s "$release/HSMConfig" /home/mira/HSMConfig
chmod 755 "$release"
set +e
