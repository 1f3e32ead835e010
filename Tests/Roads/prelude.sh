# Functions for the roads. The working directory has signetd.yaml, which maps the caller to the policy
# administrator.json, and `signet`, `signetd` and `signet-token` are on PATH.

# Runs a command, and prints it, what it says, and its status unless that is 0.
show() {
    printf '$ %s\n' "$*"
    "$@" 2>&1
    local status=$?
    [ $status = 0 ] || printf '[%d]\n' $status
}

# Starts the daemon, and returns when it serves.
serve() {
    rm -f ready && mkfifo ready
    signetd --config signetd.yaml > ready 2>> log &
    daemon=$!
    exec 8< ready
    read -r line <&8 || { echo "the daemon did not start"; cat log; exit 1; }
}

# Stops the daemon.
halt() {
    kill "$daemon"
    wait "$daemon"
    exec 8<&-
}

# Gives the caller another policy, of those in HSMConfig.
become() {
    cp "$CONFIG/policies/$1.json" administrator.json
    halt
    serve
}

digest() { sha256sum "$1" | cut -d' ' -f1; }
