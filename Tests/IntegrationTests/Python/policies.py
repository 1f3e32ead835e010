"""Tags, policies and permissions of an authority, as users of AWS Private CA set them up: boto3 with its own model."""

import json
import sys

from unix_boto3 import client, fails

pca = client(sys.argv[1])
CA = sys.argv[2]


# Tags.
def tags():
    return {tag["Key"]: tag["Value"] for tag in pca.list_tags(CertificateAuthorityArn=CA)["Tags"]}


assert tags() == {}
pca.tag_certificate_authority(CertificateAuthorityArn=CA, Tags=[{"Key": "env", "Value": "test"}, {"Key": "team"}])
assert tags() == {"env": "test", "team": ""}
pca.tag_certificate_authority(CertificateAuthorityArn=CA, Tags=[{"Key": "env", "Value": "production"}])
assert tags() == {"env": "production", "team": ""}
pca.untag_certificate_authority(CertificateAuthorityArn=CA, Tags=[{"Key": "env", "Value": "test"}, {"Key": "team"}])
assert tags() == {"env": "production"}
fails(
    "InvalidTagException",
    lambda: pca.tag_certificate_authority(CertificateAuthorityArn=CA, Tags=[{"Key": "aws:x", "Value": ""}]),
    "reserved",
)
fails(
    "InvalidTagException",
    lambda: pca.tag_certificate_authority(CertificateAuthorityArn=CA, Tags=[{"Key": "ENV", "Value": ""}]),
    "case alone",
)
pca.tag_certificate_authority(
    CertificateAuthorityArn=CA, Tags=[{"Key": f"k{number}", "Value": "v"} for number in range(49)]
)
fails(
    "TooManyTagsException",
    lambda: pca.tag_certificate_authority(CertificateAuthorityArn=CA, Tags=[{"Key": "more", "Value": ""}]),
)
pages = list(pca.get_paginator("list_tags").paginate(CertificateAuthorityArn=CA, PaginationConfig={"PageSize": 7}))
assert len(pages) == 8 and sum(len(page["Tags"]) for page in pages) == 50, [len(page["Tags"]) for page in pages]

# Policies: the sample of AWS's documentation.
reads = ["DescribeCertificateAuthority", "GetCertificate", "GetCertificateAuthorityCertificate", "ListPermissions"]


def policy(**changes):
    read = {
        "Sid": "1",
        "Effect": "Allow",
        "Principal": {"AWS": "111122223333"},
        "Action": [f"acm-pca:{name}" for name in reads + ["ListTags"]],
        "Resource": CA,
    }
    issue = {
        "Sid": "1",
        "Effect": "Allow",
        "Principal": {"AWS": "111122223333"},
        "Action": ["acm-pca:IssueCertificate"],
        "Resource": CA,
        "Condition": {"StringEquals": {"acm-pca:TemplateArn": "arn:aws:acm-pca:::template/EndEntityCertificate/V1"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [read, {**issue, **changes}]})


fails("ResourceNotFoundException", lambda: pca.get_policy(ResourceArn=CA), f"Could not find policy for resource {CA}.")
pca.delete_policy(ResourceArn=CA)
pca.put_policy(ResourceArn=CA, Policy=policy())
assert pca.get_policy(ResourceArn=CA)["Policy"] == policy()
for wrong, words in (
    ("{", ["not valid JSON"]),
    ("{}", ["has no `Statement`"]),
    (policy(Resource="*"), ["Statement[1].Resource", "own ARN"]),
    (policy(Resource=CA + "x"), ["Statement[1].Resource"]),
    (
        policy(
            Action="acm-pca:PutPolicy", Condition={"StringEquals": {"aws:PrincipalAccount": "111122223333"}}
        ),
        ["Statement[1].Action", "an Allow can name"],
    ),
    (policy(Action="acm-pca:GetCertificate"), ["no request of the statement's actions has `acm-pca:TemplateArn`"]),
    (policy(Action="acm-pca:*"), ["Statement[1].Action"]),
    (policy(Action="s3:GetObject"), ["not an action of"]),
    (policy(Condition={"StringEquals": {"aws:Nothing": "x"}}), ["`aws:Nothing` is not known"]),
    (policy(Condition={"StringIs": {"aws:PrincipalArn": "x"}}), ["StringIs"]),
    (policy(Principal={"AWS": "nobody"}), ["nobody"]),
    (policy(Principal={}), ["names no principal"]),
):
    fails("InvalidPolicyException", lambda: pca.put_policy(ResourceArn=CA, Policy=wrong), *words)
assert pca.get_policy(ResourceArn=CA)["Policy"] == policy(), "a refused policy changes nothing"

deny = {"Effect": "Deny", "Principal": "*", "Action": "acm-pca:PutPolicy", "Condition": None}
lockout = json.loads(policy(**deny))
del lockout["Statement"][1]["Condition"]
fails(
    "LockoutPreventedException",
    lambda: pca.put_policy(ResourceArn=CA, Policy=json.dumps(lockout)),
    "keep you from changing",
)
lockout["Statement"][1]["Principal"] = {"AWS": "arn:aws:iam::000000000000:role/somebody-else"}
pca.put_policy(ResourceArn=CA, Policy=json.dumps(lockout))
pca.delete_policy(ResourceArn=CA)
fails("ResourceNotFoundException", lambda: pca.get_policy(ResourceArn=CA))

# Permissions.
acm = {"CertificateAuthorityArn": CA, "Principal": "acm.amazonaws.com"}
actions = ["IssueCertificate", "GetCertificate", "ListPermissions"]
pca.create_permission(**acm, Actions=actions)
fails("PermissionAlreadyExistsException", lambda: pca.create_permission(**acm, Actions=actions))
(permission,) = pca.list_permissions(CertificateAuthorityArn=CA)["Permissions"]
assert permission["Principal"] == "acm.amazonaws.com" and permission["SourceAccount"] == "000000000000"
assert sorted(permission["Actions"]) == sorted(actions) and json.loads(permission["Policy"])["Statement"]
pca.delete_permission(**acm)
fails("ResourceNotFoundException", lambda: pca.delete_permission(**acm))
assert pca.list_permissions(CertificateAuthorityArn=CA)["Permissions"] == []
missing = CA[:-4] + "0000"
fails("ResourceNotFoundException", lambda: pca.put_policy(ResourceArn=missing, Policy=policy()))
print("passed")
