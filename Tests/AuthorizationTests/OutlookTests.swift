import JSON
import PKIX
import Testing

@testable import Authorization

/// An outlook holds for every request that it is about.
struct OutlookTests {
    private static let authority = "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/one"
    private static let endEntity = "arn:aws:acm-pca:::template/EndEntityCertificate/V1"

    private static let conditions: [JSONValue] = [
        ["NumericLessThanEquals": ["signet:ValidityDays": "50"]],
        ["NumericGreaterThanIfExists": ["signet:ValidityDays": "50"]],
        ["ForAllValues:StringEquals": ["signet:DNSNames": "a"]],
        ["ForAnyValue:StringLike": ["signet:DNSNames": ["b", "c*"]]],
        ["Null": ["signet:DNSNames": "true"]],
        ["Bool": ["signet:IsCA": "false"]],
        ["StringEquals": ["acm-pca:TemplateArn": .string(endEntity)]],
        ["StringEquals": ["aws:ResourceTag/team": "one"]],
        ["StringNotEquals": ["aws:PrincipalTag/team": "one"]],
        ["NumericGreaterThanEquals": ["signet:ApprovalCount": "1"]],
        ["StringEquals": ["signet:Subject": "${aws:PrincipalTag/team}"]],
        ["NumericEquals": ["signet:PeerUid": "1"]],
    ]

    private static let resources = [
        "*", authority, authority.replacing("/one", with: "/two"),
        "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/${aws:PrincipalTag/team}",
    ]

    private static func policy(
        _ random: inout RandomPolicies, _ form: PolicyReader.Form
    ) throws -> Policy {
        let statements = (0..<random.count(3)).map { _ -> JSONValue in
            var statement: JSONObject = [
                "Effect": .string(random.chance(75) ? "Allow" : "Deny"),
                "Action": .string(random.pick(["*", "acm-pca:IssueCertificate", "acm-pca:Get*"])),
                "Resource": .string(random.pick(resources)),
            ]
            if random.chance(70) { statement["Condition"] = random.pick(conditions) }
            if form == .resource {
                statement["Principal"] = [
                    "AWS": .string(random.pick(["*", "111122223333", "arn:aws:iam::111122223333:role/a"]))
                ]
            }
            return .object(statement)
        }
        return try PolicyReader(name: "p", form: form, isStored: true).policy(
            ["Version": "2012-10-17", "Statement": .array(statements)])
    }

    @Test func `random requests are decided as their outlook says`() throws {
        var random = RandomPolicies(seed: 20_261_130)
        let identities = try (0..<600).map { _ in try Self.policy(&random, .identity) }
        let resources = try (0..<300).map { _ in try Self.policy(&random, .resource) }
        let now = try #require(CivilTime(secondsSinceEpoch: 1_800_000_000))
        let arn = try #require(ARN("arn:aws:iam::111122223333:role/a"))
        let authorizer = Authorizer(Rulebook(principals: PrincipalMap([]), digest: "")) { now }
        var (allowed, denied, conditional, varied) = (0, 0, 0, 0)
        for _ in 0..<5_000 {
            let principal = Principal(
                arn: arn, policies: (0..<random.count(2)).map { _ in random.pick(identities) },
                boundary: random.chance(30) ? [random.pick(identities)] : nil,
                tags: random.chance(60) ? ["team": random.pick(["one", "two"])] : [:])
            let peer = Peer(pid: 1, uid: random.chance(50) ? 1 : 2, gid: 1)
            let facts = ResourceFacts(
                owner: random.chance(80) ? "111122223333" : "444455556666",
                policy: random.chance(60) ? random.pick(resources) : nil,
                tags: random.chance(50) ? ["team": "one"] : [:])
            var request = HypotheticalRequest(
                random.chance(80) ? .issueCertificate : .getCertificate, on: Self.authority,
                by: Requester(principal, .process(peer)), about: facts, at: now)
            if request.action == .issueCertificate {
                request.says.set("acm-pca:TemplateArn", Self.endEntity)
                request.says.set("signet:IsCA", "false")
            }
            let outlook = authorizer.outlook(request)
            let decisions = (0..<24).map { _ in
                var filled = request
                if request.action == .issueCertificate {
                    if random.chance(80) {
                        filled.says.set("signet:ValidityDays", random.pick(["10", "90"]))
                    }
                    filled.says["signet:DNSNames"] = random.pick([nil, [], ["a"], ["a", "b"], ["cc"]])
                    filled.says["signet:Subject"] = random.pick([nil, ["one"], ["two"]])
                }
                filled.requester = Requester(principal, .process(peer), approvals: random.count(3) - 1)
                return authorizer.judge(filled).isAllowed
            }
            switch outlook {
            case .allowed:
                allowed += 1
                #expect(!decisions.contains(false))
            case .denied:
                denied += 1
                #expect(!decisions.contains(true))
            case .conditional(let keys):
                conditional += 1
                #expect(!keys.isEmpty)
                if decisions.contains(true), decisions.contains(false) { varied += 1 }
            }
        }
        // Every outlook must be common, and most conditional ones must be so in fact.
        #expect(
            allowed > 300 && denied > 300 && conditional > 300 && varied * 2 > conditional,
            "\(allowed), \(denied), \(conditional), \(varied)")
    }

    @Test func `the deciding keys are those of statements that can apply`() throws {
        let now = try #require(CivilTime(secondsSinceEpoch: 1_800_000_000))
        let arn = try #require(ARN("arn:aws:iam::111122223333:role/a"))
        func outlook(_ statements: JSONValue) throws -> Outlook {
            let policy = try Policy(
                identityPolicy: ["Version": "2012-10-17", "Statement": statements], name: "p")
            let authorizer = Authorizer(Rulebook(principals: PrincipalMap([]), digest: "")) { now }
            var request = HypotheticalRequest(
                .issueCertificate, on: Self.authority,
                by: Requester(
                    Principal(arn: arn, policies: [policy]), .process(Peer(pid: 1, uid: 1, gid: 1))),
                about: ResourceFacts(owner: "111122223333"), at: now)
            request.says.set("acm-pca:TemplateArn", Self.endEntity)
            request.says.set("signet:IsCA", "false")
            return authorizer.outlook(request)
        }
        let issue = "acm-pca:IssueCertificate"
        func allow(_ condition: JSONValue) -> JSONValue {
            ["Effect": "Allow", "Action": .string(issue), "Resource": "*", "Condition": condition]
        }
        #expect(
            try outlook([
                allow([
                    "NumericLessThan": ["signet:ValidityDays": "9"], "Bool": ["signet:IsCA": "false"],
                ]),
                allow(["StringEquals": ["signet:KeyAlgorithm": "RSA"], "Bool": ["signet:IsCA": "true"]]),
            ]) == .conditional(keys: ["signet:ValidityDays"]))
        #expect(try outlook([allow(["Bool": ["signet:IsCA": "true"]])]) == .denied)
        #expect(
            try outlook([
                allow(["Bool": ["signet:IsCA": "false"]]),
                [
                    "Effect": "Deny", "Action": .string(issue), "Resource": "*",
                    "Condition": ["NumericLessThan": ["signet:ApprovalCount": "2"]],
                ],
            ]) == .conditional(keys: ["signet:ApprovalCount"]))
    }
}
