#!/usr/bin/env python3
"""fill-store.py DATABASE AUTHORITY CERTIFICATES REVOKED: copies a certificate of an authority (the last part of its ARN)
CERTIFICATES times under random serial numbers, and revokes the first REVOKED copies. The daemon must not run."""

import random
import sqlite3
import sys
import time

path, authority, certificates, revoked = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
database = sqlite3.connect(path)
database.execute("PRAGMA synchronous = OFF")
columns = [row[1] for row in database.execute("PRAGMA table_info(certificate)")]
template = database.execute(
    "SELECT * FROM certificate WHERE certificateAuthority = ? AND certificate IS NOT NULL LIMIT 1", (authority,)
).fetchone()
if template is None:
    sys.exit(f"error: the authority {authority} has no certificate to copy")
serial, sequence = columns.index("serialNumber"), columns.index("sequence")
last = database.execute("SELECT max(sequence) FROM certificate").fetchone()[0]
# The same numbers in each run.
random.seed(1)
numbers = [f"{random.getrandbits(126) | 1 << 126:032x}" for _ in range(certificates)]


def copies():
    row = list(template)
    for place, number in enumerate(numbers, last + 1):
        row[serial], row[sequence] = number, place
        yield row


database.executemany(f"INSERT INTO certificate VALUES ({', '.join('?' * len(columns))})", copies())
now = int(time.time())
database.executemany(
    "INSERT INTO revocation (certificateAuthority, serialNumber, revokedAt, reason, notAfter) VALUES (?, ?, ?, ?, ?)",
    ((authority, bytes.fromhex(number), now, "UNSPECIFIED", now + 86_400_000) for number in numbers[:revoked]),
)
database.commit()
