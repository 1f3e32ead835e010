"""approval_screen.py SIGNET CSR|NAME=VALUE... : shows what an officer sees of a hostile request in a terminal.

For each certification request, or each value of a common name, a TBSCertificate with its names is made: an authority with
path length 3, with a user principal name and an unknown critical extension. A daemon shows it to `signet approval approve`,
which runs in a terminal emulator of 100 by 50. Prints JSON lines: the screen when the question is asked, everything that
was shown, line by line, and what went to the daemon after a `yes`.
"""

import base64
import datetime
import hashlib
import json
import os
import pty
import select
import struct
import sys
import tempfile
import fcntl
import termios
import time

import pyte
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hostile_text import raw, serve

COLUMNS, LINES, ALL = 100, 50, 2000
UPN = x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")
ID = "00000000-0000-4000-8000-000000000000"


def names(argument):
    """Subject and subject alternative names."""
    if argument.startswith("CN="):
        text = json.loads(argument[3:])
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text, _validate=False)]), [x509.DNSName("web.example.com")]
    request = x509.load_pem_x509_csr(open(argument, "rb").read())
    found = [n for e in request.extensions if isinstance(e.value, x509.SubjectAlternativeName) for n in e.value]
    return request.subject, found


def content(argument):
    subject, alternatives = names(argument)
    administrator = b"\x0c\x10administrator@ad"
    now = datetime.datetime(2030, 1, 1)
    key = ec.generate_private_key(ec.SECP256R1())
    return (
        x509.CertificateBuilder().subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "True Root")])).public_key(key.public_key())
        .serial_number(0x1234).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=True, path_length=3), critical=True)
        .add_extension(x509.SubjectAlternativeName(alternatives + [x509.OtherName(UPN, administrator)]), critical=False)
        .add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x04\x03\x1b[2"), critical=True)
        .sign(key, hashes.SHA256()).tbs_certificate_bytes
    )


def approval(tbs, hostile):
    return {
        "Id": ID, "Operation": "ACMPrivateCA.IssueCertificate", "Requester": "arn:aws:iam::000000000000:role/clerk",
        "Resource": "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/0", "Needed": 2, "Approvals": [],
        "Digest": hashlib.sha256(tbs).hexdigest(), "Status": "PENDING", "CreatedAt": 1, "ExpiresAt": 2,
        "TemplateArn": "arn:aws:acm-pca:::template/SubordinateCACertificate_PathLen3/V1",
        "CertificateArn": "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/0/certificate/1",
        "Content": base64.b64encode(tbs).decode(), "Outcome": hostile,
    }


def lines(screen):
    return [line.rstrip() for line in screen.display]


def look(signet, argument):
    tbs = content(argument)
    asked = []

    def answer(target, body):
        asked.append((target, json.loads(body)))
        return 200, {"Approval": approval(tbs, None)}

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "s")
        server = serve(path, answer)
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ["SIGNET_SOCKET"] = path
            os.execv(signet, [signet, "approval", "approve", ID])
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        seen, screen = b"", None
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if select.select([terminal], [], [], 1)[0]:
                try:
                    seen += os.read(terminal, 65536)
                except OSError:
                    break
            if screen is None and seen.endswith(b"Type `yes`: "):
                screen = pyte.Screen(COLUMNS, LINES)
                pyte.ByteStream(screen).feed(seen)
                everything = pyte.Screen(COLUMNS, ALL)
                pyte.ByteStream(everything).feed(seen)
                os.write(terminal, b"yes\n")
        _, status = os.waitpid(pid, 0)
        server.shutdown()
    if screen is None:
        sys.exit(f"the question never came: {seen!r}")
    return {
        "case": argument, "digest": hashlib.sha256(tbs).hexdigest(), "screen": lines(screen),
        "lines": [line for line in lines(everything)], "raw": raw(seen.decode().replace("\r\n", "\n")),
        "title": screen.title, "status": os.waitstatus_to_exitcode(status),
        "approved": [body["Digest"] for target, body in asked if target.endswith(".ApproveRequest")],
    }


for argument in sys.argv[2:]:
    report = look(sys.argv[1], argument)
    while report["lines"] and not report["lines"][-1]:
        report["lines"].pop()
    print(json.dumps(report))
