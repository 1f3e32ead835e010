import Settings
import StrictYAML
import TestSupport
import Testing

extension SettingsTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let replace: String
        let with: String
        let line: Int?
        let message: String
    }

    private static let witnessKey =
        "witness.example.com/w1+36501eaa+BHK3J0f8sS0GyBoI0kXyGX1gkKzKbW0mPWpHfWjzAOAT"

    static let mistakes = [
        Mistake(
            testDescription: "an unknown key", replace: "database:", with: "databse: x\ndatabase:", line: 3,
            message: "unknown key `databse`; known are"),
        Mistake(
            testDescription: "an unknown nested key", replace: "  sessions: 3", with: "  session: 3",
            line: 18,
            message: "unknown key `tokens[0].session`"),
        Mistake(
            testDescription: "a repeated key", replace: "database: signet.sqlite",
            with: "region: a\ndatabase: x", line: 1,
            message: "the key `region` is there twice"),
        Mistake(
            testDescription: "a missing key", replace: "    module: /usr/lib/m.so\n", with: "", line: nil,
            message: "`tokens[0].module` is missing"),
        Mistake(
            testDescription: "a number out of range", replace: "sessions: 3", with: "sessions: 65", line: 18,
            message: "`tokens[0].sessions` must be a number from 1 to 64"),
        Mistake(
            testDescription: "an account of eleven digits", replace: "\"000000000042\"",
            with: "\"00000000042\"",
            line: 2, message: "`account` must be twelve digits"),
        Mistake(
            testDescription: "a mode that is not octal", replace: "\"0660\"", with: "\"0680\"", line: 6,
            message: "`socket.mode` must be octal"),
        Mistake(
            testDescription: "an unknown user", replace: "owner: root", with: "owner: nobody-at-all",
            line: 7,
            message: "there is no user `nobody-at-all`"),
        Mistake(
            testDescription: "a relative module", replace: "/usr/lib/m.so", with: "m.so", line: 14,
            message: "`tokens[0].module` must be an absolute path"),
        Mistake(
            testDescription: "a malformed URI", replace: "pkcs11:token=t", with: "token=t", line: 15,
            message: "`tokens[0].uri` must be a PKCS#11 URI"),
        Mistake(
            testDescription: "a URI that could mean any token", replace: "pkcs11:token=t",
            with: "pkcs11:manufacturer=m", line: 15, message: "names neither `token` nor `serial`"),
        Mistake(
            testDescription: "a PIN in the URI", replace: "pkcs11:token=t",
            with: "pkcs11:token=t?pin-value=1",
            line: 15, message: "has a `pin-value` attribute; say `pin` instead"),
        Mistake(
            testDescription: "a blank in a URI", replace: "pkcs11:token=t", with: "pkcs11:token=My CA",
            line: 15,
            message: "`tokens[0].uri` cannot be used: its octet 16 is a blank"),
        Mistake(
            testDescription: "a tab in a URI", replace: "pkcs11:token=t", with: "pkcs11:token=My\\tCA",
            line: 15,
            message: "its octet 16 is a tab"),
        Mistake(
            testDescription: "a line feed after a URI", replace: "pkcs11:token=t", with: "pkcs11:token=t\\n",
            line: 15, message: "its octet 15 is a line feed"),
        Mistake(
            testDescription: "a malformed escape", replace: "pkcs11:token=t", with: "pkcs11:token=%2",
            line: 15, message: "is not followed by two hexadecimal digits"),
        Mistake(
            testDescription: "one token in two entries", replace: "principals:\n  - uid: root",
            with:
                "  - {name: other, module: /usr/lib/m.so, uri: \"pkcs11:serial=1;token=%74\", pin: {file: p}, environment: {SOFTHSM2_CONF: /etc/softhsm2.conf}}\nprincipals:\n  - uid: root",
            line: 21, message: "`tokens[1].uri` names the token of `main` again"),
        Mistake(
            testDescription: "a relative trace module", replace: "sessions: 3", with: "trace-module: spy.so",
            line: 18, message: "`tokens[0].trace-module` must be an absolute path"),
        Mistake(
            testDescription: "a trace module without its output", replace: "sessions: 3\n    environment:",
            with: "trace-module: /usr/lib/spy.so\n    environment:\n      PKCS11SPY: /usr/lib/o.so", line: 20,
            message: "must not have PKCS11SPY"),
        Mistake(
            testDescription: "two sources of a PIN", replace: "file: pin",
            with: "file: pin\n      prompt: true",
            line: 17, message: "must have one of file, credential"),
        Mistake(
            testDescription: "a credential with a path", replace: "file: pin", with: "credential: ../pin",
            line: 17,
            message: "must be the name of a credential"),
        Mistake(
            testDescription: "a repeated token", replace: "principals:\n  - uid: root",
            with:
                "  - {name: main, module: /usr/lib/m.so, uri: \"pkcs11:token=o\", pin: {file: p}}\nprincipals:\n  - uid: root",
            line: 21, message: "the token name `main` is there twice"),
        Mistake(
            testDescription: "a missing profile", replace: "sessions: 3", with: "profile: p.yaml",
            line: nil, message: "the file does not exist"),
        Mistake(
            testDescription: "an unknown standard", replace: "sessions: 3", with: "security-standard: FIPS",
            line: 18, message: "`tokens[0].security-standard` must be one of"),
        Mistake(
            testDescription: "a principal without a fact", replace: "  - uid: root\n    arn",
            with: "  - arn",
            line: 22, message: "must have one of `uid`, `gid`, `unit`, `cgroup` and `executable`"),
        Mistake(
            testDescription: "two facts that one process can satisfy", replace: "  - uid: root\n    arn",
            with: "  - unit: a.service\n    arn",
            line: 25, message: "gid 65534 and unit a.service of `principals[0]` can be one process"),
        Mistake(
            testDescription: "one principal with two sets of policies",
            replace: "  - gid: 65534\n    arn: arn:aws:iam::000000000042:role/nobody",
            with: "  - gid: 65534\n    tags: {team: x}\n    arn: arn:aws:iam::000000000042:role/root",
            line: 27, message: "is there before, with other policies, boundary, tags or rates"),
        Mistake(
            testDescription: "a malformed unit", replace: "gid: 65534", with: "unit: issuer", line: 25,
            message: "`issuer` is not the name of a systemd unit"),
        Mistake(
            testDescription: "a control group that is not a path", replace: "gid: 65534",
            with: "cgroup: system.slice",
            line: 25, message: "is not a control group such as"),
        Mistake(
            testDescription: "a program without its user", replace: "gid: 65534",
            with: "executable: /usr/bin/issuer",
            line: 25, message: "`executable` goes with `uid` only"),
        Mistake(
            testDescription: "a program without its path", replace: "gid: 65534", with: "executable: issuer",
            line: 25, message: "`issuer` is not an absolute path"),
        Mistake(
            testDescription: "a unit of the organization without guardrails", replace: "principals:\n",
            with: "organization:\n  units: []\nprincipals:\n", line: 22,
            message: "a unit needs `guardrails`"),
        Mistake(
            testDescription: "an account twice in the organization", replace: "principals:\n",
            with:
                "organization:\n  guardrails: [policy.json]\n  accounts: [{id: \"000000000042\"}, {id: \"000000000042\"}]\nprincipals:\n",
            line: 23, message: "the account 000000000042 stands in the organization twice"),
        Mistake(
            testDescription: "a share of another account's authority", replace: "principals:\n",
            with:
                "shares:\n  - authority: arn:aws:acm-pca:us-local-1:999999999999:certificate-authority/7d3233c5-d5a9-48c2-a1a0-cd3f9c0b9130\n    with: [\"111122223333\"]\n    permissions: [AWSRAMDefaultPermissionCertificateAuthority]\nprincipals:\n",
            line: 22, message: "is not the ARN of an authority of this daemon"),
        Mistake(
            testDescription: "a share of every authority", replace: "principals:\n",
            with:
                "shares:\n  - authority: arn:aws:acm-pca:us-local-1:000000000042:certificate-authority/*\n    with: [\"111122223333\"]\n    permissions: [AWSRAMDefaultPermissionCertificateAuthority]\nprincipals:\n",
            line: 22, message: "is not the whole ARN of one certificate authority"),
        Mistake(
            testDescription: "a share of a certificate", replace: "principals:\n",
            with:
                "shares:\n  - authority: arn:aws:acm-pca:us-local-1:000000000042:certificate-authority/x/certificate/y\n    with: [\"111122223333\"]\n    permissions: [AWSRAMDefaultPermissionCertificateAuthority]\nprincipals:\n",
            line: 22, message: "is not the whole ARN of one certificate authority"),
        Mistake(
            testDescription: "an unknown permission", replace: "principals:\n",
            with:
                "shares:\n  - authority: arn:aws:acm-pca:us-local-1:000000000042:certificate-authority/7d3233c5-d5a9-48c2-a1a0-cd3f9c0b9130\n    with: [\"111122223333\"]\n    permissions: [Everything]\nprincipals:\n",
            line: 24, message: "there is no permission `Everything`"),
        Mistake(
            testDescription: "a witness that is not a URL", replace: "principals:\n",
            with: "log:\n  origin: a\n  witnesses: [{url: witness, key: \(witnessKey)}]\nprincipals:\n",
            line: 23,
            message: "`log.witnesses[0].url` must be a witness's submission prefix"),
        Mistake(
            testDescription: "a witness whose key has a wrong digit", replace: "principals:\n",
            with:
                "log:\n  origin: a\n  witnesses: [{url: \"http://[::1]:1\", key: \(witnessKey.replacing("36", with: "37"))}]\nprincipals:\n",
            line: 23, message: "`log.witnesses[0].key` must be a witness's key as it publishes it"),
        Mistake(
            testDescription: "a bucket with a relative path", replace: "principals:\n",
            with: "audit-reports:\n  buckets:\n    reports: reports\nprincipals:\n", line: 23,
            message: "`audit-reports.buckets.reports` must be an absolute path"),
        Mistake(
            testDescription: "a bucket with a missing directory", replace: "principals:\n",
            with: "audit-reports:\n  buckets:\n    reports: /nowhere/reports\nprincipals:\n", line: 23,
            message: "the directory `/nowhere/reports` of the bucket `reports` is not there"),
        Mistake(
            testDescription: "a bucket that is a file", replace: "principals:\n",
            with: "audit-reports:\n  buckets:\n    reports: /etc/passwd\nprincipals:\n", line: 23,
            message: "the directory `/etc/passwd` of the bucket `reports` is a file"),
        Mistake(
            testDescription: "a malformed bucket name", replace: "principals:\n",
            with: "audit-reports:\n  buckets:\n    Reports: /etc\nprincipals:\n", line: 23,
            message: "`Reports` is not the name of a bucket"),
        Mistake(
            testDescription: "audit reports without buckets", replace: "principals:\n",
            with: "audit-reports:\n  minimum-interval-minutes: 30\nprincipals:\n", line: 22,
            message: "`audit-reports.buckets` must be a mapping of names to directories"),
        Mistake(
            testDescription: "a malformed interval", replace: "principals:\n",
            with:
                "audit-reports:\n  buckets: {etc: /etc}\n  minimum-interval-minutes: 30m\nprincipals:\n",
            line: 23,
            message: "`audit-reports.minimum-interval-minutes` must be a number from 0 to 10080"),
        Mistake(
            testDescription: "a user mapped twice", replace: "gid: 65534", with: "uid: 0", line: 25,
            message: "uid 0 is mapped twice"),
        Mistake(
            testDescription: "an ARN of another type", replace: "arn:aws:iam::000000000042:role/root",
            with: "arn:aws:s3:::bucket", line: 23, message: "is not the ARN of a role or user"),
        Mistake(
            testDescription: "a repeated tag", replace: "  - gid: 65534",
            with: "    tags: {Team: a, team: b}\n  - gid: 65534", line: 25,
            message: "the tag `team` is there twice"),
        Mistake(
            testDescription: "a missing boundary", replace: "  - gid: 65534",
            with: "    boundary: [x.json]\n  - gid: 65534", line: nil,
            message: "the policy file `x.json` does not exist"),
        Mistake(
            testDescription: "a missing policy", replace: "policies: [policy.json]",
            with: "policies: [x.json]",
            line: nil, message: "the policy file `x.json` does not exist"),
        Mistake(
            testDescription: "no principals", replace: "principals:", with: "principals: []\nx-principals:",
            line: 21,
            message: "`principals` must be a list with at least one entry"),
        Mistake(
            testDescription: "a list in place of a mapping", replace: "limits:",
            with: "limits: [1]\nx-limits:",
            line: 9, message: "`limits` must be a mapping"),
        Mistake(
            testDescription: "a socket path that is too long", replace: "path: s",
            with: "path: \(String(repeating: "x", count: 108))", line: 5, message: "longer than 107 bytes"),
        Mistake(
            testDescription: "backdating of an unknown authority", replace: "limits:",
            with:
                "issuance: {authorities: [{arn: \"arn:aws:acm-pca:us-local-1:000000000001:certificate-authority/7d3233c5-d5a9-48c2-a1a0-cd3f9c0b9130\", backdate-minutes: 5}]}\nlimits:",
            line: 9, message: "is not the ARN of a certificate authority of this daemon"),
        Mistake(
            testDescription: "backdating of an authority whose ID is not a UUID", replace: "limits:",
            with:
                "issuance: {authorities: [{arn: \"arn:aws:acm-pca:us-local-1:000000000042:certificate-authority/myca\", backdate-minutes: 5}]}\nlimits:",
            line: 9, message: "is not the ARN of a certificate authority of this daemon"),
        Mistake(
            testDescription: "a limit below the backdating", replace: "limits:",
            with: "issuance: {backdate-minutes: 90, not-before-limit-minutes: 89}\nlimits:",
            line: 9, message: "`issuance.not-before-limit-minutes` is less than `backdate-minutes`"),
        Mistake(
            testDescription: "a limit of an authority below its backdating", replace: "limits:",
            with:
                "issuance: {authorities: [{arn: \"arn:aws:acm-pca:us-local-1:000000000042:certificate-authority/7d3233c5-d5a9-48c2-a1a0-cd3f9c0b9130\", backdate-minutes: 5, not-before-limit-minutes: 4}]}\nlimits:",
            line: 9, message: "`issuance.authorities.not-before-limit-minutes` is less"),
        Mistake(
            testDescription: "backdating without minutes", replace: "limits:",
            with:
                "issuance: {authorities: [{arn: \"arn:aws:acm-pca:us-local-1:000000000042:certificate-authority/7d3233c5-d5a9-48c2-a1a0-cd3f9c0b9130\"}]}\nlimits:",
            line: 9, message: "`issuance.authorities.backdate-minutes` is missing"),
        Mistake(
            testDescription: "a missing template", replace: "limits:",
            with: "issuance: {templates: [t.yaml]}\nlimits:", line: nil, message: "the file does not exist"),
        Mistake(
            testDescription: "a missing list of weak keys", replace: "limits:",
            with: "issuance: {weak-keys: w}\nlimits:", line: 9, message: "the list of weak keys"),
        Mistake(
            testDescription: "broken YAML", replace: "limits:", with: "limits: [", line: nil,
            message: "not valid YAML"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is reported with its line`(_ mistake: Mistake) throws {
        #expect(Self.valid.contains(mistake.replace))
        let yaml = Self.valid.replacing(mistake.replace, with: mistake.with)
        let error = #expect(throws: StrictYAMLError.self) { _ = try load(yaml) }
        let fault = error?.faults.first { $0.message.contains(mistake.message) }
        #expect(fault != nil, "\(String(describing: error))")
        if let line = mistake.line { #expect(fault?.line == line, "\(String(describing: error))") }
    }

    @Test func `all mistakes are reported together`() {
        let yaml = Self.valid.replacing("sessions: 3", with: "sessions: 0").replacing(
            "us-local-1", with: "here")
        let error = #expect(throws: StrictYAMLError.self) { _ = try load(yaml) }
        #expect(error?.faults.count == 2)
    }
}
