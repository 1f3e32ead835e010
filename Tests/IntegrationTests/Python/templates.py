"""templates.py SOCKET KEY_ALGORITHM: issues with every template of AWS and every part of a request, and runs external verifiers.

The expected content of a certificate is computed here from templates.tsv (AWS Private CA User Guide, template definitions) and
the order of precedence: template, then ApiPassthrough, then CSR. openssl, certtool and pkilint check every certificate,
and the verifier of pyca/cryptography checks a chain.
"""

import base64
import csv
import ipaddress
import pathlib
import subprocess
import sys
import tempfile

from botocore.exceptions import BotoCoreError, ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, ExtensionOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from pkilint import loader
from pkilint.validation import ValidationFindingSeverity
from pyasn1.codec.der.decoder import decode
from pyasn1_alt_modules import rfc5280

from pkix_linter import linter
from unix_boto3 import client

SIGNING = {"EC_prime256v1": "SHA256WITHECDSA", "EC_secp384r1": "SHA384WITHECDSA", "RSA_2048": "SHA256WITHRSA"}

# Findings of pkilint that AWS's profile forces, and why. An entry that does not occur is an error, because it
# is obsolete.
ACCEPTED = {
    "pkix.key_usage_value_prohibited_for_ec": (
        "AWS's EndEntity templates give keyEncipherment to every key, whatever RFC 8813, section 3, says of curves"
    ),
}

ORDER = [
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    ExtensionOID.SUBJECT_KEY_IDENTIFIER,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.CRL_DISTRIBUTION_POINTS,
    ExtensionOID.AUTHORITY_INFORMATION_ACCESS,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
]
EXTENDED = {
    "serverAuth": ExtendedKeyUsageOID.SERVER_AUTH,
    "clientAuth": ExtendedKeyUsageOID.CLIENT_AUTH,
    "codeSigning": ExtendedKeyUsageOID.CODE_SIGNING,
    "OCSPSigning": ExtendedKeyUsageOID.OCSP_SIGNING,
}
BITS = {
    "digitalSignature": "digital_signature",
    "nonRepudiation": "content_commitment",
    "keyEncipherment": "key_encipherment",
    "keyAgreement": "key_agreement",
    "keyCertSign": "key_cert_sign",
    "cRLSign": "crl_sign",
}
REST = ["data_encipherment", "encipher_only", "decipher_only"]

# A name from the API alone, one from the CSR alone, and one from both.
API_ONLY, CSR_ONLY, BOTH = (x509.ObjectIdentifier(f"1.3.6.1.4.1.99999.{n}") for n in (1, 2, 3))
API_POLICY, CSR_POLICY = "1.3.6.1.4.1.99999.8", "1.3.6.1.4.1.99999.9"
CPS = "https://example.com/cps"
POINT = x509.DistributionPoint([x509.UniformResourceIdentifier("http://example.com/crl")], None, None, None)
NULL, FALSE, TRUE = b"\x05\x00", b"\x01\x01\x00", b"\x01\x01\xff"

socket_path, algorithm = sys.argv[1:]
signing = SIGNING[algorithm]
pca = client(socket_path)
failures = []
occurred = set()


def key_usage(*bits):
    return x509.KeyUsage(**{member: bit in bits for bit, member in BITS.items()}, **dict.fromkeys(REST, False))


def private(oid, value):
    return x509.UnrecognizedExtension(oid, value)


def as_triple(value, critical=False):
    return value.oid, critical, value.public_bytes()


class Template:
    """A line of templates.tsv."""

    def __init__(self, row):
        self.name, self.passthrough, subject, basic_constraints, usage, extended, self.identifier = row
        self.takes_api, self.takes_csr = "API" in self.passthrough, "CSR" in self.passthrough
        self.is_subject_from_api = subject == "API>CSR"
        words = basic_constraints.split()
        self.is_critical = "critical" in words
        self.is_authority = "CA:TRUE" in words
        self.path_length = next((int(w[len("pathlen:"):]) for w in words if w.startswith("pathlen:")), None)
        self.is_root = self.identifier != "yes"
        self.key_usage = [] if usage == "-" else usage.split(",")
        self.is_extended_critical = extended.startswith("critical ")
        self.extended = [] if extended == "-" else extended.removeprefix("critical ").split(",")


class FromCSR:
    """The extensions of the CSR. The identifier and the basic constraints are wrong: every template defines its own."""

    def __init__(self, template):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.subject = x509.Name([
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "From the CSR"),
            x509.NameAttribute(NameOID.COMMON_NAME, "csr.example.com"),
        ])
        wrong = x509.BasicConstraints(ca=not template.is_authority, path_length=None if template.is_authority else 7)
        usage = ["keyCertSign", "digitalSignature"] if template.is_authority else ["digitalSignature", "keyAgreement"]
        names = [
            x509.DNSName("csr.example.com"),
            x509.RFC822Name("csr@example.com"),
            x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
        ]
        extensions = [
            (private(CSR_ONLY, NULL), False),
            (x509.SubjectKeyIdentifier(b"not the SHA-1 of it"), False),
            (wrong, True),
            (private(BOTH, TRUE), False),
            (x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(CSR_POLICY), None)]), False),
            (x509.SubjectAlternativeName(names), False),
            (x509.CRLDistributionPoints([POINT]), False),
            (key_usage(*usage), True),
        ]
        # An authority's would constrain what it issues. Critical, to see that it stays so.
        if not template.is_authority:
            extensions.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), True))
        builder = x509.CertificateSigningRequestBuilder().subject_name(self.subject)
        for value, critical in extensions:
            builder = builder.add_extension(value, critical=critical)
        self.pem = builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        self.extensions = [as_triple(value, critical) for value, critical in extensions]
        self.subject_der = self.subject.public_bytes()
        self.public_key = self.key.public_key()


class FromAuthority:
    """The CSR that the authority signed itself, for its own certificate."""

    def __init__(self):
        self.pem = pca.get_certificate_authority_csr(CertificateAuthorityArn=root)["Csr"].encode()
        request = x509.load_pem_x509_csr(self.pem)
        self.extensions = [as_triple(e.value, e.critical) for e in request.extensions]
        self.subject_der = request.subject.public_bytes()
        self.public_key = request.public_key()


class FromAPI:
    """The content of ApiPassthrough."""

    def __init__(self, template, csr):
        directory = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "in a directory")])
        names = x509.SubjectAlternativeName([
            x509.DNSName("api.example.com"),
            x509.RFC822Name("api@example.com"),
            x509.UniformResourceIdentifier("https://api.example.com/"),
            x509.IPAddress(ipaddress.ip_address("192.0.2.7")),
            x509.RegisteredID(x509.ObjectIdentifier("1.3.6.1.4.1.99999.4")),
            x509.DirectoryName(directory),
        ])
        usage = ["keyCertSign", "cRLSign"] if template.is_authority else ["digitalSignature", "nonRepudiation"]
        policy = x509.PolicyInformation(x509.ObjectIdentifier(API_POLICY), [CPS])
        location = x509.UniformResourceIdentifier("http://example.com/ca.cer")
        access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, location)
        # Right for a root, which may have one; wrong for all others, which get the issuer's.
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(csr.public_key)
        custom = [
            (private(API_ONLY, NULL), False),
            (issuer, False),
            (private(BOTH, FALSE), False),
        ]
        if template.is_root:
            custom.append((x509.CRLDistributionPoints([POINT]), False))
        else:
            custom.append((x509.AuthorityInformationAccess([access]), False))
        if template.is_authority:
            custom.append((x509.NameConstraints([x509.DNSName("example.com")], None), True))
        extensions = {
            "CertificatePolicies": [{
                "CertPolicyId": API_POLICY,
                "PolicyQualifiers": [{"PolicyQualifierId": "CPS", "Qualifier": {"CpsUri": CPS}}],
            }],
            "KeyUsage": {bit[0].upper() + bit[1:]: True for bit in usage},
            "SubjectAlternativeNames": [
                {"DnsName": "api.example.com"},
                {"Rfc822Name": "api@example.com"},
                {"UniformResourceIdentifier": "https://api.example.com/"},
                {"IpAddress": "192.0.2.7"},
                {"RegisteredId": "1.3.6.1.4.1.99999.4"},
                {"DirectoryName": {"CommonName": "in a directory"}},
            ],
            "CustomExtensions": [
                {
                    "ObjectIdentifier": value.oid.dotted_string,
                    "Value": base64.b64encode(value.public_bytes()).decode(),
                    "Critical": critical,
                }
                for value, critical in custom
            ],
        }
        self.extensions = [as_triple(key_usage(*usage), True), as_triple(names)]
        if not template.is_authority:
            extensions["ExtendedKeyUsage"] = [
                {"ExtendedKeyUsageType": "CLIENT_AUTH"},
                {"ExtendedKeyUsageObjectIdentifier": "1.3.6.1.4.1.99999.7"},
            ]
            purposes = [ExtendedKeyUsageOID.CLIENT_AUTH, x509.ObjectIdentifier("1.3.6.1.4.1.99999.7")]
            self.extensions.append(as_triple(x509.ExtendedKeyUsage(purposes)))
        self.extensions.append(as_triple(x509.CertificatePolicies([policy])))
        self.extensions += [as_triple(value, critical) for value, critical in custom]
        self.passthrough = {"Extensions": extensions}
        self.subject = None
        # A root has the name of its authority only.
        if not template.is_root:
            self.subject = x509.Name([
                x509.NameAttribute(NameOID.COUNTRY_NAME, "SE"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "From the API"),
                x509.NameAttribute(NameOID.COMMON_NAME, "api.example.com"),
            ])
            self.passthrough["Subject"] = {
                "Country": "SE", "Organization": "From the API", "CommonName": "api.example.com",
            }


class NoAPI:
    """A request without ApiPassthrough."""

    subject, extensions, passthrough = None, [], None

    def __init__(self, template, csr):
        pass


def expected_extensions(template, csr, api):
    basic = x509.BasicConstraints(ca=template.is_authority, path_length=template.path_length)
    found = [
        as_triple(basic, template.is_critical),
        as_triple(x509.SubjectKeyIdentifier.from_public_key(csr.public_key)),
    ]
    if template.identifier == "yes":
        found.append(as_triple(x509.AuthorityKeyIdentifier(root_identifier, None, None)))
    if template.key_usage:
        found.append(as_triple(key_usage(*template.key_usage), True))
    if template.extended:
        purposes = x509.ExtendedKeyUsage([EXTENDED[name] for name in template.extended])
        found.append(as_triple(purposes, template.is_extended_critical))
    defined = {oid for oid, _, _ in found}
    # No root of AWS has distribution points, even if the request asks for them.
    if template.is_root:
        defined.add(ExtensionOID.CRL_DISTRIBUTION_POINTS)
    if template.identifier == "none":
        defined.add(ExtensionOID.AUTHORITY_KEY_IDENTIFIER)
    names = ExtensionOID.SUBJECT_ALTERNATIVE_NAME
    for source, is_open in [(api, template.takes_api), (csr, template.takes_csr)]:
        # Every template has the names: from the API where it takes the subject from there too, else from the
        # CSR.
        is_open_to_names = template.is_subject_from_api or source is csr
        taken = [
            entry for entry in source.extensions
            if entry[0] not in defined and (is_open_to_names if entry[0] == names else is_open)
        ]
        found += taken
        defined |= {oid for oid, _, _ in taken}
    return [e for oid in ORDER for e in found if e[0] == oid] + [e for e in found if e[0] not in ORDER]


def raw_extensions(certificate):
    """The encoded extensions: pyca/cryptography would encode them again, and hide a value that is not DER."""
    content, _ = decode(certificate.tbs_certificate_bytes, asn1Spec=rfc5280.TBSCertificate())
    return [
        (x509.ObjectIdentifier(str(e["extnID"])), bool(e["critical"]), bytes(e["extnValue"]))
        for e in content["extensions"]
    ]


def show(extensions):
    return "".join(
        f"\n        {oid.dotted_string} {'critical ' if critical else ''}{value.hex()}"
        for oid, critical, value in extensions
    )


def differences(template, csr, api, certificate):
    found = raw_extensions(certificate)
    expected = expected_extensions(template, csr, api)
    if found != expected:
        yield f"the extensions are{show(found)}\n      and not{show(expected)}"
    source = "API" if template.is_subject_from_api and api.subject else "CSR"
    expected = api.subject.public_bytes() if source == "API" else csr.subject_der
    if certificate.subject.public_bytes() != expected:
        yield f"the subject is {certificate.subject.rfc4514_string()}, not the {source}'s"
    if certificate.issuer.public_bytes() != root_certificate.subject.public_bytes():
        yield f"the issuer is {certificate.issuer.rfc4514_string()}"
    if certificate.public_key() != csr.public_key:
        yield "the public key is not the CSR's"


def judgements(pem, anchor):
    """The findings of external verifiers for a certificate below `anchor`, which is the root itself for a root."""
    with tempfile.TemporaryDirectory() as folder:
        leaf, top, chain = (pathlib.Path(folder, name) for name in ("leaf.pem", "root.pem", "chain.pem"))
        leaf.write_text(pem + "\n")
        top.write_text(anchor + "\n")
        chain.write_text(pem + "\n" + ("" if pem == anchor else anchor + "\n"))
        for command in [
            ["openssl", "verify", "-x509_strict", "-purpose", "any", "-CAfile", top, leaf],
            ["certtool", "--verify", "--load-ca-certificate", top, "--infile", chain],
        ]:
            result = subprocess.run(command, capture_output=True, text=True)
            if result.returncode != 0:
                yield f"{command[0]}: {result.stdout}{result.stderr}"
    document = loader.RFC5280CertificateDocumentLoader().load_pem_document(pem, "certificate")
    for result in LINTER.validate(document.root):
        for description in result.finding_descriptions:
            if description.finding.severity >= ValidationFindingSeverity.NOTICE:
                continue
            occurred.add(description.finding.code)
            if description.finding.code not in ACCEPTED:
                yield f"pkilint: {description} at {result.node.path}"


def issue(authority, csr, template, days=30, **more):
    arn = pca.issue_certificate(
        CertificateAuthorityArn=authority,
        Csr=csr,
        SigningAlgorithm=signing,
        TemplateArn=f"arn:aws:acm-pca:::template/{template}",
        Validity={"Type": "DAYS", "Value": days},
        **more,
    )["CertificateArn"]
    pca.get_waiter("certificate_issued").wait(CertificateAuthorityArn=authority, CertificateArn=arn)
    return pca.get_certificate(CertificateAuthorityArn=authority, CertificateArn=arn)


def activate(kind, name, issuer, template):
    arn = pca.create_certificate_authority(
        CertificateAuthorityConfiguration={
            "KeyAlgorithm": algorithm,
            "SigningAlgorithm": signing,
            "Subject": {"Country": "SE", "Organization": "Example", "CommonName": f"{name} {algorithm}"},
        },
        CertificateAuthorityType=kind,
    )["CertificateAuthorityArn"]
    pca.get_waiter("certificate_authority_csr_created").wait(CertificateAuthorityArn=arn)
    csr = pca.get_certificate_authority_csr(CertificateAuthorityArn=arn)["Csr"]
    signed = issue(issuer or arn, csr, template, days=365 if issuer else 3650)
    chain = {key: signed[key] for key in ("Certificate", "CertificateChain") if key in signed}
    pca.import_certificate_authority_certificate(CertificateAuthorityArn=arn, **chain)
    return arn, signed["Certificate"]


def judge(template, source=FromAPI):
    csr = FromAuthority() if template.is_root else FromCSR(template)
    api = source(template, csr)
    more = {"ApiPassthrough": api.passthrough} if api.passthrough else {}
    try:
        pem = issue(root, csr.pem, template.name, **more)["Certificate"]
        certificate = x509.load_pem_x509_certificate(pem.encode())
        yield from differences(template, csr, api, certificate)
        yield from judgements(pem, pem if template.is_root else root_pem)
    except (BotoCoreError, ClientError, ValueError) as error:
        yield f"{type(error).__name__}: {error}"


def judge_empty_subject():
    """Alternative names of the API are critical when there is nothing else to go by."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.DNSName("csr.example.com")])
    csr = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).add_extension(names, critical=True)
    names = {"Extensions": {"SubjectAlternativeNames": [{"DnsName": "api.example.com"}]}}
    pem = csr.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    pem = issue(root, pem, "EndEntityCertificate_APIPassthrough/V1", ApiPassthrough=names)["Certificate"]
    found = x509.load_pem_x509_certificate(pem.encode()).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    if not found.critical or found.value.get_values_for_type(x509.DNSName) != ["api.example.com"]:
        yield f"the alternative names are {found}"
    yield from judgements(pem, root_pem)


def judge_chain():
    """The verifier of pyca/cryptography takes a server's chain for its name, and for nothing else."""
    issuing, intermediate = activate("SUBORDINATE", "Issuing", root, "SubordinateCACertificate_PathLen0/V1")
    intermediate = x509.load_pem_x509_certificate(intermediate.encode())

    def refusal(template, name, intermediates=(intermediate,)):
        key = ec.generate_private_key(ec.SECP256R1())
        csr = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        csr = csr.add_extension(x509.SubjectAlternativeName([x509.DNSName("web.example.com")]), critical=True)
        pem = csr.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        leaf = x509.load_pem_x509_certificate(issue(issuing, pem, template)["Certificate"].encode())
        verifier = PolicyBuilder().store(Store([root_certificate])).build_server_verifier(x509.DNSName(name))
        try:
            chain = verifier.verify(leaf, list(intermediates))
        except VerificationError as error:
            return str(error)
        return None if chain == [leaf, intermediate, root_certificate] else f"another chain: {chain}"

    if (reason := refusal("EndEntityServerAuthCertificate/V1", "web.example.com")) is not None:
        yield f"a good chain is refused: {reason}"
    if refusal("EndEntityServerAuthCertificate/V1", "other.example.com") is None:
        yield "a chain is taken for another name"
    if refusal("CodeSigningCertificate/V1", "web.example.com") is None:
        yield "a certificate for signing code is taken for a server's"
    if refusal("EndEntityServerAuthCertificate/V1", "web.example.com", ()) is None:
        yield "a chain with a gap is taken"


def report(name, problems):
    print(name, flush=True)
    try:
        failures.extend(f"{name}: {problem}" for problem in problems)
    except (BotoCoreError, ClientError) as error:
        failures.append(f"{name}: {error}")


LINTER = linter()
with open(pathlib.Path(__file__).with_name("templates.tsv"), newline="") as lines:
    templates = [Template(row) for row in csv.reader(lines, delimiter="\t")][1:]
assert len(templates) == len({template.name for template in templates}) == 61

root, root_pem = activate("ROOT", "Root", None, "RootCACertificate/V1")
root_certificate = x509.load_pem_x509_certificate(root_pem.encode())
root_identifier = root_certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest

for template in templates:
    report(template.name, judge(template))
# Subject and names fall back to the CSR's.
by_name = {template.name: template for template in templates}
report("no ApiPassthrough", judge(by_name["EndEntityCertificate_APIPassthrough/V1"], NoAPI))
report("an empty subject", judge_empty_subject())
report("a chain", judge_chain())
failures += [f"pkilint finds no {code} any more: take it out of ACCEPTED" for code in ACCEPTED.keys() - occurred]
if failures:
    raise SystemExit("\n".join(failures))
print(f"passed {len(templates)}")
