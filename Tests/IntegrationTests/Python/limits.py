"""Breaks every limit of the API's own model, one at a time. The server must name the member that broke it.

The limits are read from botocore's service model, so that none of them is repeated here. The requests are sent by
hand, because botocore would not send them.
"""

import base64
import http.client
import json
import socket
import sys

import botocore.session

PATH = sys.argv[1]
MODEL = botocore.session.get_session().get_service_model("acm-pca")
CSR = open(sys.argv[2]).read()
CA = sys.argv[3]

# Valid values for members of these shapes.
VALID = {
    "CustomObjectIdentifier": "1.3.6.1.4.1.99999.1",
    "CountryCodeString": "SE",
    "Base64String1To4096": "BQA=",
    "Arn": CA,
    "CsrBlob": base64.b64encode(CSR.encode()).decode(),
    "String39": "192.0.2.1",
}
# Members the server does not have yet; it refuses them as a whole.
LATER = {"RevocationConfiguration"}


class UnixConnection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(PATH)


def call(operation, body):
    connection = UnixConnection("localhost")
    headers = {"X-Amz-Target": f"ACMPrivateCA.{operation}", "Content-Type": "application/x-amz-json-1.1"}
    connection.request("POST", "/", json.dumps(body), headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def valid(shape):
    if shape.name in VALID:
        return VALID[shape.name]
    if shape.type_name == "structure":
        return {name: valid(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [valid(shape.member)]
    if shape.type_name == "boolean":
        return False
    if shape.type_name in ("integer", "long"):
        return max(1, shape.metadata.get("min", 1))
    if getattr(shape, "enum", None):
        return shape.enum[0]
    return "a" * max(1, shape.metadata.get("min", 1))


def violations(shape):
    """Values that break one constraint each, with a word of what the answer must say."""
    limits = shape.metadata
    if shape.type_name == "string":
        if getattr(shape, "enum", None):
            yield "NOT_A_VALUE", "enum value set"
            return
        if limits.get("min", 0) > 0:
            yield "a" * (limits["min"] - 1), "greater than or equal to" if limits["min"] > 1 else ""
        if "max" in limits:
            yield "1" * (limits["max"] + 1), "less than or equal to"
        if "pattern" in limits:
            yield "\N{SNOWMAN}!*\n", "pattern"
    elif shape.type_name == "blob":
        if "max" in limits:
            yield base64.b64encode(b"a" * (limits["max"] + 1)).decode(), "less than or equal to"
        if limits.get("min", 0) > 0:
            yield "", "greater than or equal to"
    elif shape.type_name == "list":
        if "max" in limits:
            yield [valid(shape.member)] * (limits["max"] + 1), ""
        if limits.get("min", 0) > 0:
            yield [], ""
    elif shape.type_name in ("integer", "long"):
        if "min" in limits:
            yield limits["min"] - 1, "greater than or equal to"


def lower(name):
    return name[0].lower() + name[1:]


def cases(shape, place, wrap):
    """Every broken request below a member: (path of the member, the whole value of the top, what it must say)."""
    for value, word in violations(shape):
        yield place, wrap(value), word
    if shape.type_name == "structure":
        for name, member in shape.members.items():

            def inner(value, name=name, shape=shape, wrap=wrap):
                whole = valid(shape)
                whole[name] = value
                return wrap(whole)

            yield from cases(member, f"{place}.{lower(name)}", inner)
            if name in shape.required_members:
                whole = valid(shape)
                del whole[name]
                yield f"{place}.{lower(name)}", wrap(whole), "must not be null"
    elif shape.type_name == "list":
        yield from cases(shape.member, f"{place}.1.member", lambda value, wrap=wrap: wrap([value]))


def run(operation, base):
    count, failures = 0, []
    shape = MODEL.operation_model(operation).input_shape
    for name, member in shape.members.items():
        if name in LATER:
            continue
        for place, value, word in cases(member, lower(name), lambda value: value):
            body = {**base, name: value}
            status, answer = call(operation, body)
            message = answer.get("message", "")
            count += 1
            named = f"'{place}'" in message or f"`{place}`" in message
            if status != 400 or answer.get("__type") != "ValidationException" or not named or word not in message:
                failures.append(f"{operation} {place}: {json.dumps(value)[:80]} gave {status} {json.dumps(answer)[:300]}")
    return count, failures


issue = {
    "CertificateAuthorityArn": CA,
    "Csr": VALID["CsrBlob"],
    "SigningAlgorithm": "SHA256WITHECDSA",
    "Validity": {"Type": "DAYS", "Value": 1},
}
create = {
    "CertificateAuthorityConfiguration": {
        "KeyAlgorithm": "EC_prime256v1",
        "SigningAlgorithm": "SHA256WITHECDSA",
        "Subject": {"CommonName": "a"},
    },
    "CertificateAuthorityType": "ROOT",
}
tags = {"CertificateAuthorityArn": CA, "Tags": [{"Key": "a"}]}
bases = {
    "IssueCertificate": issue,
    "CreateCertificateAuthority": create,
    "TagCertificateAuthority": tags,
    "UntagCertificateAuthority": tags,
    "ListTags": {"CertificateAuthorityArn": CA},
    "PutPolicy": {"ResourceArn": CA, "Policy": "{}"},
    "GetPolicy": {"ResourceArn": CA},
    "DeletePolicy": {"ResourceArn": CA},
    "CreatePermission": {
        "CertificateAuthorityArn": CA,
        "Principal": "acm.amazonaws.com",
        "Actions": ["IssueCertificate"],
    },
    "DeletePermission": {"CertificateAuthorityArn": CA, "Principal": "acm.amazonaws.com"},
    "ListPermissions": {"CertificateAuthorityArn": CA},
}
total, problems = 0, []
for operation, base in bases.items():
    count, failures = run(operation, base)
    total, problems = total + count, problems + failures
for problem in problems:
    print(problem)
if problems:
    raise SystemExit(f"{len(problems)} of {total} limits were not kept")
print(f"passed {total}")
