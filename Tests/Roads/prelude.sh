# Functions for the roads, on the machine of machine.sh.

user=root

# Runs a program as a user of the machine.
as() {
    setpriv --reuid="$1" --regid="$(id -g "$1")" --init-groups env -u SOFTHSM2_CONF HOME="$(home "$1")" "${@:2}"
}
home() { getent passwd "$1" | cut -d: -f6; }

# From here on the commands are this user's, in its home directory.
become() {
    user=$1
    cd "$(home "$user")" || exit 1
}
signet() { as "$user" signet "$@"; }
signetd() { as "$user" signetd "$@"; }
openssl() { as "$user" openssl "$@"; }

# Runs a command, and prints its user, the command, what it says, and its status unless that is 0.
show() {
    printf '%s$ %s\n' "$user" "$*"
    "$@" 2>&1
    local status=$?
    [ $status = 0 ] || printf '[%d]\n' $status
}

# Starts the daemon as the unit does, and returns when it serves.
serve() {
    rm -f /run/ready && mkfifo /run/ready
    setpriv --reuid=signet --regid=signet --init-groups \
        signetd --config /etc/signet/signetd.yaml > /run/ready 2>> /run/log &
    daemon=$!
    exec 8< /run/ready
    read -r line <&8 || { echo "the daemon did not start"; cat /run/log; exit 1; }
}

# Stops the daemon.
halt() {
    kill "$daemon"
    wait "$daemon"
    exec 8<&-
}

# The administrator's authorities.
authorities() {
    become mira
    root=$(signet ca create --root --subject "CN=Example Root,O=Example,C=SE" --activate 2> /dev/null)
    issuing=$(signet ca create --subordinate --subject "CN=Example Issuing CA,O=Example,C=SE" --parent "$root" \
        --activate 2> /dev/null)
}

digest() { sha256sum "$1" | cut -d' ' -f1; }
