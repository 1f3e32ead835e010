"""create, CSR, issue, import, issue, get: the main path as users of AWS Private CA write it."""

import datetime
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import PolicyBuilder, Store

from unix_boto3 import client

pca = client(sys.argv[1])


def create(kind, name, key="EC_prime256v1", signing="SHA256WITHECDSA"):
    arn = pca.create_certificate_authority(
        CertificateAuthorityConfiguration={
            "KeyAlgorithm": key,
            "SigningAlgorithm": signing,
            "Subject": {"Country": "SE", "Organization": "Example", "CommonName": name},
        },
        CertificateAuthorityType=kind,
        IdempotencyToken=f"create-{name}",
    )["CertificateAuthorityArn"]
    pca.get_waiter("certificate_authority_csr_created").wait(CertificateAuthorityArn=arn)
    return arn


def sign(issuer, csr, template, signing, validity):
    arn = pca.issue_certificate(
        CertificateAuthorityArn=issuer,
        Csr=csr,
        SigningAlgorithm=signing,
        TemplateArn=f"arn:aws:acm-pca:::template/{template}",
        Validity=validity,
    )["CertificateArn"]
    pca.get_waiter("certificate_issued").wait(CertificateAuthorityArn=issuer, CertificateArn=arn)
    return pca.get_certificate(CertificateAuthorityArn=issuer, CertificateArn=arn)


root = create("ROOT", "Root", "EC_secp384r1", "SHA384WITHECDSA")
described = pca.describe_certificate_authority(CertificateAuthorityArn=root)["CertificateAuthority"]
assert described["Status"] == "PENDING_CERTIFICATE", described
assert described["CertificateAuthorityConfiguration"]["Subject"]["CommonName"] == "Root"
assert abs(datetime.datetime.now(datetime.timezone.utc) - described["CreatedAt"]).total_seconds() < 60
assert described["RevocationConfiguration"]["CrlConfiguration"]["Enabled"] is False

csr = pca.get_certificate_authority_csr(CertificateAuthorityArn=root)["Csr"]
own = sign(root, csr, "RootCACertificate/V1", "SHA384WITHECDSA", {"Type": "DAYS", "Value": 3650})
assert "CertificateChain" not in own, own
pca.import_certificate_authority_certificate(CertificateAuthorityArn=root, Certificate=own["Certificate"])

subordinate = create("SUBORDINATE", "Issuing")
csr = pca.get_certificate_authority_csr(CertificateAuthorityArn=subordinate)["Csr"]
end = int((datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=700)).timestamp())
signed = sign(root, csr, "SubordinateCACertificate_PathLen0/V1", "SHA384WITHECDSA", {"Type": "ABSOLUTE", "Value": end})
pca.import_certificate_authority_certificate(
    CertificateAuthorityArn=subordinate,
    Certificate=signed["Certificate"],
    CertificateChain=signed["CertificateChain"],
)
described = pca.describe_certificate_authority(CertificateAuthorityArn=subordinate)["CertificateAuthority"]
assert described["Status"] == "ACTIVE", described
assert int(described["NotAfter"].timestamp()) == end

key = ec.generate_private_key(ec.SECP256R1())
request = (
    x509.CertificateSigningRequestBuilder()
    .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "web.example.com")]))
    .add_extension(x509.SubjectAlternativeName([x509.DNSName("web.example.com")]), critical=False)
    .sign(key, hashes.SHA256())
    .public_bytes(serialization.Encoding.PEM)
)
end_date = int((datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=30)).strftime("%Y%m%d%H%M%S"))
leaf = sign(subordinate, request, "EndEntityCertificate/V1", "SHA256WITHECDSA", {"Type": "END_DATE", "Value": end_date})

certificate = x509.load_pem_x509_certificate(leaf["Certificate"].encode())
chain = x509.load_pem_x509_certificates(leaf["CertificateChain"].encode())
assert certificate.public_key() == key.public_key()
assert certificate.not_valid_after_utc.strftime("%Y%m%d%H%M%S") == str(end_date)
assert certificate.serial_number.bit_length() > 100

# pyca/cryptography verifies the whole path, with rules stricter than RFC 5280's.
verifier = PolicyBuilder().store(Store([chain[-1]])).build_server_verifier(x509.DNSName("web.example.com"))
assert len(verifier.verify(certificate, chain[:-1])) == 3

got = pca.get_certificate_authority_certificate(CertificateAuthorityArn=subordinate)
assert got["Certificate"] == signed["Certificate"]
pages = pca.get_paginator("list_certificate_authorities").paginate(PaginationConfig={"PageSize": 1})
assert [ca["Arn"] for page in pages for ca in page["CertificateAuthorities"]] == [root, subordinate]

try:
    pca.get_certificate_authority_certificate(
        CertificateAuthorityArn="arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/11111111-1111-1111-1111-111111111111"
    )
    raise SystemExit("an authority out of nowhere")
except pca.exceptions.ResourceNotFoundException as error:
    assert "11111111" in str(error), error

print("passed")
