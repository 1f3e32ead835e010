"""Requests audit reports as users of AWS Private CA do, through boto3 with its own model and waiter. Reads the files with
Python's json and csv modules, and compares them with the certificates."""

import csv
import datetime
import hashlib
import json
import os
import re
import sys

from botocore.exceptions import WaiterError
from cryptography import x509

from unix_boto3 import client, fails

SOCKET, CA, OTHER, PENDING, DIRECTORY = sys.argv[1:6]
CSRS = sys.argv[6:]
pca = client(SOCKET)
MEMBERS = [
    "awsAccountId",
    "requestedByServicePrincipal",
    "certificateArn",
    "serial",
    "subject",
    "notBefore",
    "notAfter",
    "issuedAt",
    "revokedAt",
    "revocationReason",
    "templateArn",
]
LEAF = "arn:aws:acm-pca:::template/EndEntityCertificate/V1"
ROOT = "arn:aws:acm-pca:::template/RootCACertificate/V1"


def report(ca, kind, bucket="reports"):
    made = pca.create_certificate_authority_audit_report(
        CertificateAuthorityArn=ca, S3BucketName=bucket, AuditReportResponseFormat=kind
    )
    assert re.fullmatch("[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}", made["AuditReportId"]), made
    assert made["S3Key"] == f"audit-report/{ca.split('/')[-1]}/{made['AuditReportId']}.{kind.lower()}", made
    return made


def finished(ca, made):
    pca.get_waiter("audit_report_created").wait(
        CertificateAuthorityArn=ca,
        AuditReportId=made["AuditReportId"],
        WaiterConfig={"Delay": 1, "MaxAttempts": 30},
    )
    state = pca.describe_certificate_authority_audit_report(
        CertificateAuthorityArn=ca, AuditReportId=made["AuditReportId"]
    )
    assert state["AuditReportStatus"] == "SUCCESS" and state["S3Key"] == made["S3Key"], state
    assert state["S3BucketName"] == "reports", state
    age = datetime.datetime.now(datetime.timezone.utc) - state["CreatedAt"]
    assert datetime.timedelta(0) <= age < datetime.timedelta(minutes=5), state
    path = os.path.join(DIRECTORY, made["S3Key"])
    assert os.listdir(os.path.dirname(path)), "nothing else is left there"
    assert not [name for name in os.listdir(os.path.dirname(path)) if name.startswith(".")]
    with open(path, "rb") as file:
        return file.read()


def moment(text):
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000", text), text
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")


# The issued certificates, besides the root's own.
began = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
issued = []
for path in CSRS:
    with open(path, "rb") as file:
        csr = file.read()
    issued.append(
        pca.issue_certificate(
            CertificateAuthorityArn=CA,
            Csr=csr,
            SigningAlgorithm="SHA256WITHECDSA",
            Validity={"Value": 5, "Type": "DAYS"},
        )["CertificateArn"]
    )
foreign = pca.issue_certificate(
    CertificateAuthorityArn=OTHER, Csr=csr, SigningAlgorithm="SHA256WITHECDSA", Validity={"Value": 5, "Type": "DAYS"}
)["CertificateArn"]


def held_against_certificates(entries):
    """Each entry is a dict of its values; the order is that of the signatures."""
    assert [entry["certificateArn"] for entry in entries[1:]] == issued, entries
    assert entries[0]["templateArn"] == ROOT, entries[0]
    assert foreign not in [entry["certificateArn"] for entry in entries]
    for entry in entries:
        pem = pca.get_certificate(CertificateAuthorityArn=CA, CertificateArn=entry["certificateArn"])["Certificate"]
        certificate = x509.load_pem_x509_certificate(pem.encode())
        assert entry["awsAccountId"] == "000000000000"
        assert entry["serial"].replace(":", "") == f"{certificate.serial_number:032x}", entry
        assert re.fullmatch("[0-9a-f]{2}(:[0-9a-f]{2}){15}", entry["serial"]), entry
        assert moment(entry["notBefore"]) == certificate.not_valid_before_utc, entry
        assert moment(entry["notAfter"]) == certificate.not_valid_after_utc, entry
        assert moment(entry["issuedAt"]) - moment(entry["notBefore"]) < datetime.timedelta(hours=1, minutes=1)
        assert set(entry) <= set(MEMBERS) - {"requestedByServicePrincipal", "revokedAt", "revocationReason"}, entry
        if entry["templateArn"] == LEAF:
            assert moment(entry["issuedAt"]) >= began
    return [entry.get("subject") for entry in entries[1:]]


# JSON and CSV have the same content. The daemon has no interval between reports.
made_json, made_csv = report(CA, "JSON"), report(CA, "CSV")
body = finished(CA, made_json)
entries = json.loads(body)
assert all(list(entry) == [name for name in MEMBERS if name in entry] for entry in entries), "AWS's order"
subjects = held_against_certificates(entries)
assert subjects[0] == "CN=www.example1.com,OU=Sales,O=Example Company,L=Seattle,ST=Washington,C=US", subjects
assert subjects[1] == '2.5.4.5=#130430313233,CN=Sue\\, \\"Grabbit\\" und Rünn\\=x', subjects
assert subjects[2] is None, subjects
text = finished(CA, made_csv).decode()
assert text.split("\n")[0] == ",".join(MEMBERS), text
rows = list(csv.DictReader(text.splitlines(), strict=True))
assert all(row["requestedByServicePrincipal"] == row["revokedAt"] == row["revocationReason"] == "" for row in rows)
assert [{name: value for name, value in row.items() if value} for row in rows] == entries

# The log contains the file's digest, which proves that the file is the one that was made.
print(made_json["AuditReportId"], len(entries), hashlib.sha256(body).hexdigest())

# Requests that are refused.
create = pca.create_certificate_authority_audit_report
describe = pca.describe_certificate_authority_audit_report
valid = {"CertificateAuthorityArn": CA, "S3BucketName": "reports", "AuditReportResponseFormat": "JSON"}
missing = CA[:-4] + "0000"
missing_report = "00000000-0000-0000-0000-000000000000"
fails("ResourceNotFoundException", lambda: create(**{**valid, "S3BucketName": "no-such-bucket"}), "no-such-bucket")
fails("ResourceNotFoundException", lambda: create(**{**valid, "CertificateAuthorityArn": missing}))
fails("InvalidArnException", lambda: create(**{**valid, "CertificateAuthorityArn": issued[0]}))
fails("ValidationException", lambda: create(**{**valid, "AuditReportResponseFormat": "XML"}), "[JSON, CSV]")
fails("ValidationException", lambda: create(**{**valid, "S3BucketName": "x" * 64}), "s3BucketName")
fails("InvalidStateException", lambda: create(**{**valid, "CertificateAuthorityArn": PENDING}), "PENDING_CERTIFICATE")
fails("ResourceNotFoundException", lambda: describe(CertificateAuthorityArn=CA, AuditReportId=missing_report), missing_report)
fails(
    "ResourceNotFoundException",
    lambda: describe(CertificateAuthorityArn=OTHER, AuditReportId=made_json["AuditReportId"]),
)
fails("ResourceNotFoundException", lambda: describe(CertificateAuthorityArn=missing, AuditReportId=missing_report))
fails("ValidationException", lambda: describe(CertificateAuthorityArn=CA, AuditReportId="X" * 36), "auditReportId")

# A bucket that cannot be written makes a FAILED report, and the waiter reports it.
failed = report(CA, "JSON", bucket="blocked")
try:
    pca.get_waiter("audit_report_created").wait(
        CertificateAuthorityArn=CA, AuditReportId=failed["AuditReportId"], WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    raise AssertionError("the waiter took a failed report for one that was made")
except WaiterError as error:
    assert error.last_response["AuditReportStatus"] == "FAILED", error.last_response
