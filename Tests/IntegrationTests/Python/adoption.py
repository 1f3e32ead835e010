"""adoption.py DIRECTORY CSR: makes certificates of external authorities for the key of a CSR, as input for `signet ca adopt`.

Writes NAME.pem and NAME-chain.pem into the directory, one pair for each fault, and the correct pair `right`.
"""

import datetime
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

directory, request = pathlib.Path(sys.argv[1]), x509.load_pem_x509_csr(pathlib.Path(sys.argv[2]).read_bytes())
now = datetime.datetime.now(datetime.timezone.utc)
key, other_key = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP384R1())
USAGE = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
NAMES = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\x04\x01\x00")
ADDRESSES = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.5.5.7.1.7"), b"\x30\x02\x05\x00")


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(subject, issuer, public, signer, more=(), begins=-1, ends=365):
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=begins)).not_valid_after(now + datetime.timedelta(days=ends))
        .add_extension(x509.BasicConstraints(True, None), True).add_extension(USAGE, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False))
    for extension in more:
        builder = builder.add_extension(extension, False)
    return builder.sign(signer, hashes.SHA384())


def root(signer=key, text="External Root", **change):
    return certificate(name(text), name(text), signer.public_key(), signer, **change)


def below(issuer="External Root", signer=key, **change):
    return certificate(request.subject, name(issuer), request.public_key(), signer, **change)


right = root()
for title, own, chain in [
    ("right", below(), [right]),
    ("no-chain", below(), []),
    ("wrong-parent", below(), [root(other_key)]),
    ("wrong-name", below(), [root(text="Another Root")]),
    ("twice", below(), [right, right]),
    ("not-up-to-root", below("Middle"), [certificate(name("Middle"), name("External Root"), key.public_key(), key)]),
    ("expired", below(begins=-20, ends=-10), [right]),
    ("expired-root", below(), [root(begins=-20, ends=-10)]),
    ("malformed", below(more=[ADDRESSES]), [right]),
    ("malformed-root", below(), [root(more=[NAMES])]),
    ("another-key", certificate(request.subject, name("External Root"), other_key.public_key(), key), [right]),
]:
    for path, certificates in [(f"{title}.pem", [own]), (f"{title}-chain.pem", chain)]:
        (directory / path).write_bytes(b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates))
