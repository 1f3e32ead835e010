"""imports.py SOCKET: imports certificates that external authorities sign. OpenSSL verifies what is issued below them.

Each case makes a SUBORDINATE, signs its CSR with a root that pyca/cryptography makes, changed in one place, and imports it.
A refused certificate must be refused with the reason. An ACTIVE authority must issue certificates that `openssl verify
-x509_strict` accepts, with the octets of the authority's own subject as their issuer.
"""

import base64
import datetime
import pathlib
import subprocess
import sys
import tempfile

from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.name import _ASN1Type as Type
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.type import univ
from pyasn1_alt_modules import rfc5280

from unix_boto3 import client

socket_path = sys.argv[1]
pca = client(socket_path)
now = datetime.datetime.now(datetime.timezone.utc)
key = ec.generate_private_key(ec.SECP384R1())
rsa_key = rsa.generate_private_key(65537, 2048)
middle_key = ec.generate_private_key(ec.SECP256R1())
leaf_key = ec.generate_private_key(ec.SECP256R1())
MISMATCH, MALFORMED = "CertificateMismatchException", "MalformedCertificateException"
AUTHORITY = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
failures = []


def name(cn, kind=Type.UTF8String, reverse=False):
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "SE"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example", _type=kind),
        x509.NameAttribute(NameOID.COMMON_NAME, cn, _type=kind),
    ]
    return x509.Name(parts[::-1] if reverse else parts)


def raw(dotted, value, critical=False):
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(dotted), value), critical


def key_id(public):
    return x509.SubjectKeyIdentifier.from_public_key(public)


def certificate(subject, issuer, public, signer, digest=hashes.SHA384(), drop=(), more=(), path_length=None, days=365):
    """A certificate of an authority, without the extensions in `drop` and with `more` in the place of their like."""
    extensions = {
        ExtensionOID.BASIC_CONSTRAINTS: (x509.BasicConstraints(True, path_length), True),
        ExtensionOID.KEY_USAGE: (AUTHORITY, True),
        ExtensionOID.SUBJECT_KEY_IDENTIFIER: (key_id(public), False),
    }
    if subject != issuer:
        extensions[ExtensionOID.AUTHORITY_KEY_IDENTIFIER] = (
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
    for oid in drop:
        del extensions[oid]
    for value, critical in more:
        extensions[value.oid] = (value, critical)
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=days)))
    for value, critical in extensions.values():
        builder = builder.add_extension(value, critical)
    return builder.sign(signer, digest)


def make_root(cn="External Root", kind=Type.UTF8String, signer=key, **change):
    return certificate(name(cn, kind), name(cn, kind), signer.public_key(), signer, hashes.SHA256(), days=3650, **change)


def changed(original, signer, change, digest=hashes.SHA384()):
    """The same with a TBSCertificate that `change` wrote to, signed again."""
    parsed = decode(original.public_bytes(serialization.Encoding.DER), asn1Spec=rfc5280.Certificate())[0]
    change(parsed)
    tbs = encode(parsed["tbsCertificate"])
    if isinstance(signer, rsa.RSAPrivateKey):
        signature = signer.sign(tbs, padding.PKCS1v15(), digest)
    else:
        signature = signer.sign(tbs, ec.ECDSA(digest))
    parsed["signature"] = univ.BitString.fromOctetString(signature)
    return encode(parsed)


def pem(value):
    if isinstance(value, bytes):
        text = base64.b64encode(value).decode()
        lines = [text[start:start + 64] for start in range(0, len(text), 64)]
        return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""]).encode()
    return value.public_bytes(serialization.Encoding.PEM)


def new_authority(cn):
    arn = pca.create_certificate_authority(
        CertificateAuthorityConfiguration={
            "KeyAlgorithm": "EC_prime256v1", "SigningAlgorithm": "SHA256WITHECDSA",
            "Subject": {"CommonName": cn, "Organization": "Example", "Country": "SE"}},
        CertificateAuthorityType="SUBORDINATE")["CertificateAuthorityArn"]
    csr = pca.get_certificate_authority_csr(CertificateAuthorityArn=arn)["Csr"]
    return arn, x509.load_pem_x509_csr(csr.encode())


def load(path):
    arn, certificate, chain = path
    pca.import_certificate_authority_certificate(
        CertificateAuthorityArn=arn, Certificate=pem(certificate), CertificateChain=b"".join(map(pem, chain)))


def judge(arn, is_strict=True, asked=()):
    """What OpenSSL says of a certificate of the authority with these extensions; nothing when it is right."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "leaf.example")]))
    for extension, critical in asked:
        builder = builder.add_extension(extension, critical)
    request = builder.sign(leaf_key, hashes.SHA256())
    issued = pca.issue_certificate(
        CertificateAuthorityArn=arn, Csr=request.public_bytes(serialization.Encoding.PEM),
        SigningAlgorithm="SHA256WITHECDSA", Validity={"Type": "DAYS", "Value": 1},
        TemplateArn="arn:aws:acm-pca:::template/" + ("BlankEndEntityCertificate_CSRPassthrough/V1" if asked else "EndEntityCertificate/V1"),
    )["CertificateArn"]
    answer = pca.get_certificate(CertificateAuthorityArn=arn, CertificateArn=issued)
    chain = x509.load_pem_x509_certificates(answer["CertificateChain"].encode())
    leaf = x509.load_pem_x509_certificate(answer["Certificate"].encode())
    assert leaf.issuer.public_bytes() == chain[0].subject.public_bytes(), "the issuer is not the subject's octets"
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        (directory / "root.pem").write_bytes(pem(chain[-1]))
        (directory / "rest.pem").write_bytes(b"".join(map(pem, chain[:-1])))
        (directory / "leaf.pem").write_bytes(pem(leaf))
        result = subprocess.run(
            ["openssl", "verify", *(["-x509_strict"] if is_strict else []), "-purpose", "any", "-CAfile",
             directory / "root.pem", "-untrusted", directory / "rest.pem", directory / "leaf.pem"],
            capture_output=True, text=True)
    return "" if result.returncode == 0 else result.stdout + result.stderr


def case(title, build, refusal=None, words=(), is_strict=True):
    try:
        arn, csr = new_authority("Sub")
        try:
            load((arn, *build(csr)))
        except ClientError as error:
            got = error.response["Error"]
            assert refusal, got
            assert got["Code"] == refusal, got
            for word in words:
                assert word in got["Message"], (word, got["Message"])
            status = pca.describe_certificate_authority(CertificateAuthorityArn=arn)["CertificateAuthority"]["Status"]
            assert status == "PENDING_CERTIFICATE", status
            return
        assert not refusal, "it was imported; OpenSSL: " + judge(arn)
        assert not (problem := judge(arn, is_strict)), problem
    except (AssertionError, ClientError, ValueError) as error:
        failures.append(f"{title}: {error}")


root = make_root()
printable_root = make_root(kind=Type.PrintableString)
rsa_root = make_root("RSA Root", signer=rsa_key)


def signed(csr, subject=None, issuer=None, signer=key, **change):
    return certificate(subject or csr.subject, issuer or root.subject, csr.public_key(), signer, path_length=0, **change)


def alone(**change):
    return lambda csr: (signed(csr, **change), [root])


def below(parent, **change):
    """Below another root than the usual one, with the same key and name."""
    return lambda csr: (signed(csr, **change), [parent])


def under_middle(own=(), **change):
    """Two authorities below the root."""
    middle = certificate(name("Middle"), root.subject, middle_key.public_key(), key, path_length=1, **change)
    return lambda csr: (signed(csr, issuer=middle.subject, signer=middle_key, digest=hashes.SHA256(), more=own), [middle, root])


def set_serial(number):
    def change(parsed):
        parsed["tbsCertificate"]["serialNumber"] = number
    return lambda csr: (changed(signed(csr), key, change), [root])


def version_2(parsed):
    parsed["tbsCertificate"]["version"] = 1


def sha1(parsed):
    for field in [parsed["tbsCertificate"]["signature"], parsed["signatureAlgorithm"]]:
        field["algorithm"] = univ.ObjectIdentifier("1.2.840.113549.1.1.5")


def by_sha1(csr):
    return changed(signed(csr, issuer=rsa_root.subject, signer=rsa_key), rsa_key, sha1, hashes.SHA1()), [rsa_root]


AKI, SKI, BC, KU = "2.5.29.35", "2.5.29.14", "2.5.29.19", "2.5.29.15"
other_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(middle_key.public_key())
root_key = key_id(key.public_key()).digest
other_serial = x509.AuthorityKeyIdentifier(root_key, [x509.DirectoryName(root.subject)], 4711)
other_issuer = x509.AuthorityKeyIdentifier(root_key, [x509.DirectoryName(name("Nobody"))], root.serial_number)
right = x509.AuthorityKeyIdentifier(root_key, [x509.DirectoryName(printable_root.subject)], root.serial_number)
dns = lambda text: x509.NameConstraints([x509.DNSName(text)], None)
eku = lambda *oids: x509.ExtendedKeyUsage(oids)

# Names, as section 7.1 compares them.
case("as Signet writes it", alone())
case("its name as PrintableString", alone(subject=name("Sub", Type.PrintableString)))
case("its name in capitals", alone(subject=name("SUB")))
case("its name with more blanks", alone(subject=name(" Sub ")))
case("its name in another order", alone(subject=name("Sub", reverse=True)), MISMATCH, ["another order", "CN"])
case("another name", alone(subject=name("Sub 2")), MISMATCH, ["subject", "CN"])
case("a parent that writes its issuer in another type", alone(issuer=printable_root.subject))
case("a parent in another type than the issuer", below(printable_root))
case("another name as issuer", alone(issuer=name("Somebody")), MISMATCH,
     ["certificate 1 of the CertificateChain signed the one before it", "another name"])
case("a parent that did not sign", below(make_root("External Root", signer=middle_key)), MISMATCH, ["did not sign"])

# The chain.
case("the root twice", lambda csr: (signed(csr), [root, root]), MISMATCH, ["certificate 2", "in the chain twice"])
case("the root three times", lambda csr: (signed(csr), [root] * 3), MISMATCH, ["in the chain twice"])
case("itself in the chain", lambda csr: (lambda own: (own, [own, root]))(signed(csr)), MISMATCH, ["itself"])
case("one more root, of the same key and name", lambda csr: (signed(csr), [root, printable_root]), MISMATCH,
     ["certificate 1 of the CertificateChain is a root"])
case("one more root, of another key", lambda csr: (signed(csr), [root, rsa_root]), MISMATCH,
     ["certificate 1 of the CertificateChain is a root"])
case("two authorities above", under_middle())
case("a middle without AKI", under_middle(drop=[ExtensionOID.AUTHORITY_KEY_IDENTIFIER]), MALFORMED,
     ["certificate 1 of the CertificateChain", "authorityKeyIdentifier is missing"])
case("a middle without SKI", under_middle(drop=[ExtensionOID.SUBJECT_KEY_IDENTIFIER]), MALFORMED,
     ["certificate 1 of the CertificateChain", "subjectKeyIdentifier is missing"])
case("a middle with the AKI of another key", under_middle(more=[(other_key, False)]), MISMATCH, ["subjectKeyIdentifier of its issuer"])
case("a purpose that the middle does not have",
     under_middle(own=[(eku(ExtendedKeyUsageOID.CODE_SIGNING), False)], more=[(eku(ExtendedKeyUsageOID.SERVER_AUTH), False)]),
     MISMATCH, ["purpose codeSigning"])
case("purposes that the middle has",
     under_middle(own=[(eku(ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH), False)],
                  more=[(eku(ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH), False)]))

# The parent's key.
case("the AKI of another key", alone(more=[(other_key, False)]), MISMATCH, ["authorityKeyIdentifier", "subjectKeyIdentifier of its issuer"])
case("the AKI of another serial number", alone(more=[(other_serial, False)]), MISMATCH, ["authorityCertSerialNumber"])
case("the AKI of another issuer", alone(more=[(other_issuer, False)]), MISMATCH, ["authorityCertIssuer"])
case("the AKI with issuer and serial number", alone(more=[(right, False)]))
case("an AKI with a serial number alone", alone(more=[raw(AKI, bytes([0x30, 25, 0x80, 20]) + root_key + b"\x82\x01\x05")]),
     MALFORMED, ["authorityCertSerialNumber without the other"])
case("an AKI with an empty key identifier", alone(more=[raw(AKI, b"\x30\x02\x80\x00")]), MALFORMED, ["empty keyIdentifier"])
case("no AKI", alone(drop=[ExtensionOID.AUTHORITY_KEY_IDENTIFIER]), MALFORMED, ["authorityKeyIdentifier is missing"])
case("a critical AKI", alone(more=[(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), True)]),
     MALFORMED, ["authorityKeyIdentifier is marked critical"])

# Its own extensions.
case("no SKI", alone(drop=[ExtensionOID.SUBJECT_KEY_IDENTIFIER]), MALFORMED, ["subjectKeyIdentifier is missing"])
case("a SKI that is none", alone(more=[raw(SKI, b"\x02\x01\x05")]), MALFORMED, ["subjectKeyIdentifier does not parse"])
case("a critical SKI", lambda csr: (signed(csr, more=[(key_id(csr.public_key()), True)]), [root]), MALFORMED,
     ["subjectKeyIdentifier is marked critical"])
case("distribution points that are none", alone(more=[raw("2.5.29.31", b"\x30\x04\x30\x02\xa2\x00")]), MALFORMED, ["cRLIssuer"])
case("no key usage", alone(drop=[ExtensionOID.KEY_USAGE]), MALFORMED, ["keyUsage is missing"])
case("version 2", lambda csr: (changed(signed(csr), key, version_2), [root]), MALFORMED, ["version is not 3"])
case("a path length of -1", alone(more=[raw(BC, b"\x30\x06\x01\x01\xff\x02\x01\xff", True)]), MALFORMED, ["pathLenConstraint is negative"])
case("purposes that are no SEQUENCE", alone(more=[raw("2.5.29.37", b"\x05\x00")]), MALFORMED, ["extendedKeyUsage does not parse"])
case("no purposes", alone(more=[raw("2.5.29.37", b"\x30\x00")]), MALFORMED, ["extendedKeyUsage is empty"])
case("a DNS subtree with a trailing dot", alone(more=[(dns("a.example."), True)]), MALFORMED, ["nameConstraints"])
case("constraints that are not critical", alone(more=[(dns("a.example"), False)]), MALFORMED, ["nameConstraints is not critical"])
case("constraints without a subtree", alone(more=[raw("2.5.29.30", b"\x30\x04\xa0\x00\xa1\x00", True)]), MALFORMED, ["nameConstraints"])
case("an IP mask with holes", alone(more=[raw("2.5.29.30", bytes.fromhex("300ea00c300a8708") + bytes([10, 0, 0, 0, 255, 0, 255, 0]), True)]),
     MALFORMED, ["mask has holes"])
case("policy constraints that are not critical", alone(more=[raw("2.5.29.36", b"\x30\x03\x80\x01\x00")]), MALFORMED, ["not critical"])
case("a policy twice", alone(more=[raw("2.5.29.32", bytes.fromhex("300c" + "300406022a03" * 2))]), MALFORMED, ["twice"])
case("the poison of a precertificate", alone(more=[raw("1.3.6.1.4.1.11129.2.4.3", b"\x05\x00")]), MALFORMED, ["poison"])
case("SHA-1 with RSA", by_sha1, MALFORMED, ["is made with SHA-1"])
case("serial number 0", set_serial(0), MALFORMED, ["serialNumber is zero"])
case("a serial number of 21 octets", set_serial(1 << 160), MALFORMED, ["longer than 20 octets"])
case("an issuer alternative name that is critical", alone(more=[(x509.IssuerAlternativeName([x509.DNSName("a.example")]), True)]),
     MISMATCH, ["issuerAltName, which is not processed"])

# External roots: refused if no path would verify, noted if strict relying parties refuse them.
case("a critical SKI in the root", below(make_root(more=[(key_id(key.public_key()), True)])), MISMATCH, ["subjectKeyIdentifier"])
case("a root without SKI", below(make_root(drop=[ExtensionOID.SUBJECT_KEY_IDENTIFIER])), is_strict=False)
case("a root with uncritical basic constraints", below(make_root(more=[(x509.BasicConstraints(True, None), False)])), is_strict=False)



def rejects(trusted):
    """Whether OpenSSL refuses what this root signed, though it is trusted."""
    leaf = certificate(name("leaf"), root.subject, leaf_key.public_key(), key, drop=[
        ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE])
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        (directory / "root.pem").write_bytes(pem(trusted))
        (directory / "leaf.pem").write_bytes(pem(leaf))
        return subprocess.run(["openssl", "verify", "-CAfile", directory / "root.pem", directory / "leaf.pem"],
                              capture_output=True).returncode != 0


# Extensions that OpenSSL cannot read end every path, in whatever certificate they stand.
PROXY, NETSCAPE, ADDRESSES, SYSTEMS = "1.3.6.1.5.5.7.1.14", "2.16.840.1.113730.1.1", "1.3.6.1.5.5.7.1.7", "1.3.6.1.5.5.7.1.8"
inherit_all = bytes.fromhex("300c300a06082b06010505071501")
assert not rejects(root)
for title, extension, word in [
    ("names that are none", raw("2.5.29.17", b"\x04\x01\x00"), "subjectAltName"),
    ("distribution points that are none", raw("2.5.29.31", b"\x30\x04\x30\x02\xa3\x00"), "cRLDistributionPoints"),
    ("proxyCertInfo that is none", raw(PROXY, b"\x30\x00"), "proxyCertInfo"),
    ("proxyCertInfo", raw(PROXY, inherit_all), "proxyCertInfo"),
    ("a Netscape type that is none", raw(NETSCAPE, b"\x05\x00"), "netscape-cert-type"),
    ("addresses that are none", raw(ADDRESSES, b"\x30\x02\x05\x00"), "IPAddrBlocks"),
    ("systems that are none", raw(SYSTEMS, b"\x30\x02\x05\x00"), "ASIdentifiers"),
    ("constraints that are none", raw("2.5.29.30", b"\x30\x02\x05\x00", True), "nameConstraints"),
    ("purposes that are none", raw("2.5.29.37", b"\x05\x00"), "KeyUsage"),
    ("no bit of key usage", raw(KU, b"\x03\x01\x00", True), "keyUsage"),
]:
    bad = make_root(more=[extension])
    if not rejects(bad):
        failures.append(f"{title}: OpenSSL takes such a root")
    case(f"{title}, in the root", below(bad), MALFORMED, ["certificate 1 of the CertificateChain", word])
    case(f"{title}, in the middle", under_middle(more=[extension]), MALFORMED, ["certificate 1 of the CertificateChain", word])
    case(f"{title}, in its own certificate", alone(more=[extension]), MALFORMED, [word])
overlapping = bytes.fromhex("3010300e04020001300803020" + "00a0302000a")
case("addresses that are not canonical", alone(more=[raw(ADDRESSES, overlapping)]), MALFORMED, ["overlaps"])
case("known extensions", alone(more=[raw(NETSCAPE, b"\x03\x02\x00\x07"), raw("2.16.840.1.113730.1.13", b"\x16\x01a")]))

# Addresses and numbers are within those of the certificates above, or OpenSSL verifies no path (RFC 3779,
# section 2.3).
ten, below_ten, eleven = bytes([3, 2, 0, 10]), bytes([3, 3, 0, 10, 1]), bytes([3, 2, 0, 11])
five, fifty = bytes.fromhex("3006020101020105"), bytes.fromhex("020132")


def ipv4(*blocks):
    family = b"\x04\x02\x00\x01" + (bytes([0x30, sum(map(len, blocks))]) + b"".join(blocks) if blocks else b"\x05\x00")
    return raw(ADDRESSES, bytes([0x30, len(family) + 2, 0x30, len(family)]) + family, True)


def systems(*numbers):
    choice = bytes([0x30, sum(map(len, numbers))]) + b"".join(numbers) if numbers else b"\x05\x00"
    return raw(SYSTEMS, bytes([0x30, len(choice) + 2, 0xA0, len(choice)]) + choice, True)


rich = make_root(more=[(extension, False) for extension, _ in [ipv4(ten), systems(five)]])
arn, csr = new_authority("Numbers")
load((arn, signed(csr, more=[(extension, False) for extension, _ in [ipv4(), systems()]]), [rich]))
for title, extension, is_right in [
    ("addresses within", ipv4(below_ten), True), ("the same addresses", ipv4(ten), True), ("inherited addresses", ipv4(), True),
    ("other addresses", ipv4(eleven), False), ("more addresses", ipv4(below_ten, bytes([3, 2, 0, 12])), False),
    ("numbers within", systems(bytes([2, 1, 3])), True), ("inherited numbers", systems(), True),
    ("other numbers", systems(fifty), False),
]:
    try:
        problem = judge(arn, asked=[extension])
        if not is_right or problem:
            failures.append(f"{title}: issued; OpenSSL: {problem}")
    except ClientError as error:
        if is_right or "that the issuing certificates do not have" not in error.response["Error"]["Message"]:
            failures.append(f"{title}: {error}")

# Object identifiers that other readers do not take: 64 octets.
LONGEST = "1.3." + ".".join(["1"] * 62)


def put_long_identifier(parsed):
    for entry in parsed["tbsCertificate"]["extensions"]:
        if str(entry["extnID"]) == "1.2.3.4":
            entry["extnID"] = univ.ObjectIdentifier(LONGEST + ".1")


bad = changed(make_root(more=[raw("1.2.3.4", b"\x05\x00")]), key, put_long_identifier)
try:
    x509.load_der_x509_certificate(bad).extensions
    failures.append("pyca/cryptography reads an object identifier of 64 octets")
except ValueError:
    pass
case("an extension of 64 octets, in the root", below(bad), MALFORMED, ["certificate 1 of the CertificateChain", "has 64 octets"])
case("an extension of 64 octets", lambda csr: (changed(signed(csr, more=[raw("1.2.3.4", b"\x05\x00")]), key, put_long_identifier), [root]),
     MALFORMED, ["the certificate", "has 64 octets"])


def put_long_type(parsed):
    for field in ["subject", "issuer"]:
        parsed["tbsCertificate"][field]["rdnSequence"][2][0]["type"] = univ.ObjectIdentifier(LONGEST + ".1")


case("an attribute whose type has 64 octets, in the root", below(changed(make_root(), key, put_long_type)), MALFORMED,
     ["certificate 1 of the CertificateChain", "tbsCertificate.issuer", "has 64 octets"])
case("an otherName of 64 octets", alone(more=[(x509.SubjectAlternativeName(
    [x509.OtherName(x509.ObjectIdentifier(LONGEST), b"\x06\x40\x2b" + b"\x01" * 63)]), False)]), MALFORMED, ["63 octets that other readers take"])
case("an extension of 63 octets", alone(more=[raw(LONGEST, b"\x05\x00")]))

# A renewal keeps the octets of the name.
arn, csr = new_authority("Renewed")
printable = name("Renewed", Type.PrintableString)
load((arn, signed(csr, subject=printable), [root]))
try:
    load((arn, signed(csr), [root]))
    failures.append("a renewal in another encoding was taken")
except ClientError as error:
    message = error.response["Error"]["Message"]
    for word in ["O", "UTF8String", "PrintableString", "encoded differently"]:
        if word not in message or error.response["Error"]["Code"] != MISMATCH:
            failures.append(f"a renewal in another encoding: {error}")
load((arn, signed(csr, subject=printable), [root]))
if problem := judge(arn):
    failures.append(f"a renewal in the same encoding: {problem}")

# A renewal keeps the key identifier, whatever it is at first: certificates that exist have it as their
# issuer's.
arn, csr = new_authority("Renewed Again")
own_identifier = x509.SubjectKeyIdentifier(b"first")
load((arn, signed(csr, more=[(own_identifier, False)]), [root]))
for title, other in [("that of the key", key_id(csr.public_key())), ("another", x509.SubjectKeyIdentifier(b"second"))]:
    try:
        load((arn, signed(csr, more=[(other, False)]), [root]))
        failures.append(f"a renewal with {title} as key identifier was taken")
    except ClientError as error:
        message = error.response["Error"]["Message"]
        for word in ["subjectKeyIdentifier", other.digest.hex(), b"first".hex()]:
            if word not in message or error.response["Error"]["Code"] != MISMATCH:
                failures.append(f"a renewal with {title} as key identifier: {error}")
load((arn, signed(csr, more=[(own_identifier, False)]), [root]))
if problem := judge(arn):
    failures.append(f"a renewal with the same key identifier: {problem}")

print("\n".join(failures) if failures else "passed")
sys.exit(bool(failures))
