#!/bin/bash
# Benchmarks/p11-kit-server.sh PROVIDER TOKEN-URI: starts p11-kit's own server in front of a module, to be measured as
# raw-sign measures the module itself. Prints what the client needs, for a shell:
#
#   eval "$(Benchmarks/p11-kit-server.sh /usr/lib/softhsm/libsofthsm2.so pkcs11:token=bench)"
#   raw-sign "$P11_KIT_CLIENT" bench pin 5 2 ecP256
#   kill "$P11_KIT_SERVER_PID"
#
# The server sees the environment of this script (SOFTHSM2_CONF). It serves one process of clients in one process of
# its own. Debian: p11-kit (`p11-kit server`), p11-kit-modules (p11-kit-client.so), libp11-kit-dev (pkg-config).
set -euo pipefail
if [ $# -ne 2 ]; then
    echo "usage: $0 PROVIDER TOKEN-URI" >&2
    exit 64
fi
client=$(pkg-config --variable=p11_module_path p11-kit-1)/p11-kit-client.so
if [ ! -e "$client" ]; then
    echo "error: there is no $client: install p11-kit-modules" >&2
    exit 1
fi
folder=$(mktemp -d /tmp/signet-p11-kit.XXXXXX)
p11-kit server --sh --name "$folder/socket" --provider "$1" "$2"
echo "P11_KIT_CLIENT=$client; export P11_KIT_CLIENT;"
