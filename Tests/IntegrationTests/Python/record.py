"""Checks the audit log of a daemon from a copy of its database, the answers to clients and the messages that the token signed.

record.py DIRECTORY ORIGIN        DIRECTORY has signet.sqlite (and -wal), answered (one ARN per line), signed (the input of each C_Sign
                                  in hexadecimal, one per line)

Prints {"open": [ids of intents without an outcome], "events": n, "certificates": n, "signatures": n}, or prints the fault and exits with status 1.
"""

import base64
import hashlib
import json
import sqlite3
import sys
from pathlib import Path

from cryptography import x509

from log import leaf, node

faults = []


def fault(text):
    faults.append(text)


class Log:
    """The root after each event, by RFC 6962's frontier."""

    def __init__(self):
        self.size, self.stack = 0, []

    def append(self, data):
        value, size = leaf(data), self.size
        while size & 1:
            value, size = node(self.stack.pop(), value), size >> 1
        self.stack.append(value)
        self.size += 1

    def root(self):
        value = self.stack[-1]
        for left in reversed(self.stack[:-1]):
            value = node(left, value)
        return value


def main(directory, origin):
    directory = Path(directory)
    database = sqlite3.connect(directory / "signet.sqlite")
    log, checkpoints = Log(), set()
    intents, outcomes, issued, repeated = {}, {}, {}, {}
    for at, (position, body) in enumerate(database.execute("SELECT position, body FROM event ORDER BY position")):
        if position != at + 1:
            fault(f"the event {position} stands at {at + 1}")
        log.append(body)
        text = f"{origin}\n{log.size}\n{base64.b64encode(log.root()).decode()}\n"
        checkpoints.add(hashlib.sha256(text.encode()).hexdigest())
        event = json.loads(body)
        details = event.get("serviceEventDetails") or {}
        name, intent = event["eventName"], details.get("intentID")
        if name == "SignatureIntent":
            if intent in intents:
                fault(f"the intent {intent} is there twice")
            intents[intent] = details
        elif name in ("SignatureOutcome", "IssueCertificateDetails", "GenerateCRL"):
            if intent not in intents:
                fault(f"an outcome without its intent: {intent}")
            if intent in outcomes:
                fault(f"the intent {intent} has two outcomes")
            outcomes[intent] = details
            if details["status"] == "ISSUED":
                serial = details["serialNumber"].replace(":", "").lower()
                issued[serial] = (at, intents.get(intent) or {})
        elif name == "IssueCertificate" and event.get("responseElements"):
            token = event["requestParameters"].get("idempotencyToken")
            arn = event["responseElements"]["certificateArn"]
            if token and repeated.setdefault(token, arn) != arn:
                fault(f"the token {token} was answered with {repeated[token]} and {arn}")

    unfinished = sorted(set(intents) - set(outcomes))
    table = sorted(row[0] for row in database.execute("SELECT id FROM intent"))
    if unfinished != table:
        fault(f"the log leaves open {unfinished}, the table {table}")

    authorities = [
        x509.load_der_x509_certificate(row[0])
        for row in database.execute("SELECT certificate FROM certificateAuthority WHERE certificate IS NOT NULL")
    ]
    stored = {}
    for serial, der, index in database.execute(
        "SELECT serialNumber, certificate, outcomeIndex FROM certificate WHERE certificate IS NOT NULL"
    ):
        certificate = x509.load_der_x509_certificate(der)
        stored[serial] = certificate
        if format(certificate.serial_number, "032x") != serial:
            fault(f"the certificate {serial} has another number")
        if serial not in issued:
            fault(f"the certificate {serial} has no outcome in the log")
            continue
        at, intent = issued[serial]
        if at != index:
            fault(f"the certificate {serial} points to {index}, its outcome is {at}")
        if hashlib.sha256(certificate.tbs_certificate_bytes).hexdigest() != intent.get("sha256"):
            fault(f"the certificate {serial} is not what its intent says")
        if intent.get("serialNumber") != serial:
            fault(f"the certificate {serial} has the intent of another")
        if authorities:
            certificate.verify_directly_issued_by(authorities[0])
    for serial in set(issued) - set(stored):
        fault(f"the outcome of {serial} is in the log and the certificate is not stored")
    answered = (directory / "answered").read_text().split()
    for arn in answered:
        if arn.rsplit("/", 1)[1] not in stored:
            fault(f"{arn} was answered and is not there")
    promised = {details["sha256"] for details in intents.values()}
    signed = (directory / "signed").read_text().split()
    for digest in signed:
        # The kill came while it was written, before the module was asked.
        if len(digest) < 64 and any(known.startswith(digest) for known in promised | set(checkpoints)):
            continue
        if digest not in promised and digest not in checkpoints:
            fault(f"{digest} was signed and never announced")
    if faults:
        sys.exit("\n".join(faults[:20]))
    print(
        json.dumps(
            {"open": unfinished, "events": log.size, "certificates": len(stored), "signatures": len(signed)}
        )
    )


main(*sys.argv[1:])
