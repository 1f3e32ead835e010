"""names.py make DIRECTORY: makes requests with unusual but valid names, one per file.
names.py judge CERTIFICATE ...: prints the findings of pyca/cryptography and pkilint for the names of certificates."""

import ipaddress
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID, ObjectIdentifier
from pkilint import loader
from pkilint.validation import ValidationFindingSeverity

from pkix_linter import linter

UPN = ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")
SMTP_UTF8 = ObjectIdentifier("1.3.6.1.5.5.7.8.9")
PRIVATE = ObjectIdentifier("1.3.6.1.4.1.99999.1")

# What pkilint finds in the profile of AWS's end-entity templates, and not in names.
ACCEPTED = {"pkix.key_usage_value_prohibited_for_ec"}


def attribute(oid, value, kind=None):
    # Its own limits of length count octets.
    kind = kind or (_ASN1Type.UTF8String if oid == NameOID.COMMON_NAME else None)
    return x509.NameAttribute(oid, value, kind, _validate=False)


def one_each(*attributes):
    return x509.Name(list(attributes))


def utf8(text):
    octets = text.encode()
    return bytes([0x0C, len(octets)]) + octets


# In the order of Go's names, of AWS's, and of directories.
REQUESTS = {
    "go-order": (
        one_each(
            attribute(NameOID.COUNTRY_NAME, "SE"),
            attribute(NameOID.ORGANIZATION_NAME, "Example"),
            attribute(NameOID.LOCALITY_NAME, "Lund"),
            attribute(NameOID.STATE_OR_PROVINCE_NAME, "Skåne"),
            attribute(NameOID.STREET_ADDRESS, "S" * 128),
            attribute(NameOID.POSTAL_CODE, "2" * 40),
            attribute(NameOID.COMMON_NAME, "Åsa Öberg"),
        ),
        [x509.DNSName("a.example")],
    ),
    "domain-components": (
        one_each(
            attribute(NameOID.DOMAIN_COMPONENT, "example"),
            attribute(NameOID.DOMAIN_COMPONENT, "ad"),
            attribute(NameOID.USER_ID, "alice"),
            attribute(NameOID.COMMON_NAME, "O'Neill & Sons (Nordic), Ltd"),
        ),
        [x509.OtherName(UPN, utf8("alice@ad.example"))],
    ),
    "several-in-one": (
        x509.Name(
            [
                x509.RelativeDistinguishedName(
                    [attribute(NameOID.COMMON_NAME, "web"), attribute(NameOID.SERIAL_NUMBER, "7-1")]
                )
            ]
        ),
        [x509.DNSName("xn--bcher-kva.example"), x509.DNSName("www.xn--fiqs8s")],
    ),
    "address": (
        one_each(
            attribute(NameOID.COMMON_NAME, "e\u0301 世界 😀"), attribute(NameOID.EMAIL_ADDRESS, "a.b+c@mail.example")
        ),
        [x509.RFC822Name("a.b+c@mail.example"), x509.OtherName(SMTP_UTF8, utf8("é@xn--bcher-kva.example"))],
    ),
    "long": (
        one_each(
            attribute(NameOID.COMMON_NAME, "世" * 64),
            attribute(NameOID.TITLE, "t" * 64),
            attribute(NameOID.PSEUDONYM, "p" * 128),
            attribute(NameOID.SURNAME, "s" * 1000),
        ),
        [
            x509.UniformResourceIdentifier("https://user@[2001:db8::1]:8443/x%20y?z#f"),
            x509.UniformResourceIdentifier("ldap://192.0.2.1/cn=x"),
            x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
        ],
    ),
    "private-attribute": (
        one_each(
            attribute(NameOID.COMMON_NAME, "web"),
            attribute(PRIVATE, "wide 世", _ASN1Type.BMPString),
        ),
        [x509.DNSName("a.example"), x509.RegisteredID(ObjectIdentifier("1.3.6.1.4.1.99999.2"))],
    ),
    "directory-name": (
        one_each(attribute(NameOID.COMMON_NAME, "web")),
        [
            x509.DirectoryName(
                one_each(
                    attribute(NameOID.ORGANIZATION_NAME, "Example"),
                    attribute(NameOID.COUNTRY_NAME, "SE"),
                    attribute(NameOID.GENERATION_QUALIFIER, "III"),
                )
            ),
            x509.DNSName("a.example"),
        ],
    ),
}


def make(directory):
    for name, (subject, names) in REQUESTS.items():
        request = (
            x509.CertificateSigningRequestBuilder()
            .subject_name(subject)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
        )
        pathlib.Path(directory, f"{name}.csr").write_bytes(request.public_bytes(serialization.Encoding.PEM))


def judge(files):
    findings = 0
    rules = linter()
    for file in files:
        pem = pathlib.Path(file).read_text()
        certificate = x509.load_pem_x509_certificate(pem.encode())
        # Both are decoded when they are asked for.
        print(certificate.subject.rfc4514_string(), certificate.issuer.rfc4514_string())
        print(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
        document = loader.RFC5280CertificateDocumentLoader().load_pem_document(pem, file)
        for result in rules.validate(document.root):
            for description in result.finding_descriptions:
                if description.finding.severity >= ValidationFindingSeverity.NOTICE:
                    continue
                if description.finding.code in ACCEPTED:
                    continue
                findings += 1
                print(f"{file}: {description} at {result.node.path}", file=sys.stderr)
    return findings


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    sys.exit(1 if judge(sys.argv[2:]) else 0)
