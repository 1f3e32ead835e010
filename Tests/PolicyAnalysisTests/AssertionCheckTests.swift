import Authorization
import JSON
import PKIX
import PolicyAnalysis
import Testing

/// Policies with deliberate holes, and the assertions that find them.
struct AssertionCheckTests {
    static let prefix = "arn:aws:acm-pca:us-local-1:000000000000:"
    static let issue: JSONValue = "acm-pca:IssueCertificate"
    static let endEntity = "arn:aws:acm-pca:::template/EndEntityCertificate/V1"

    static func installation(_ statements: JSONValue, boundary: JSONValue? = nil) throws -> Installation {
        func policy(_ statements: JSONValue, _ name: String) throws -> Policy {
            try Policy(identityPolicy: ["Version": "2012-10-17", "Statement": statements], name: name)
        }
        let principal = Principal(
            arn: try #require(ARN("arn:aws:iam::000000000000:role/ingress")),
            policies: [try policy(statements, "p")], boundary: try boundary.map { [try policy($0, "b")] })
        let officer = Principal(
            arn: try #require(ARN("arn:aws:iam::000000000000:role/officer")),
            policies: [try policy(["Effect": "Allow", "Action": "*", "Resource": "*"], "o")])
        let map = PrincipalMap([.init(Binding(uid: 1), principal), .init(Binding(uid: 2), officer)])
        return Installation(
            Rulebook(principals: map), prefix: prefix, account: "000000000000",
            templates: [
                .init(name: "EndEntityCertificate/V1", arn: endEntity, isAuthority: false),
                .init(
                    name: "SubordinateCACertificate_PathLen0/V1",
                    arn: "arn:aws:acm-pca:::template/SubordinateCACertificate_PathLen0/V1", isAuthority: true),
            ], now: try #require(CivilTime(secondsSinceEpoch: 1_800_000_000)))
    }

    static let ingress = Assertion.Subject.principals([TextPattern(like: "*role/ingress")])

    static let belowDomain = Assertion(
        name: "names", subject: ingress, actions: [.issueCertificate],
        claim: .only([
            ValueRule(key: "signet:DNSNames", allowed: [.like(TextPattern(like: "*.svc.example.com"))])
        ]))

    static let noAuthorities = Assertion(
        name: "authorities", subject: .allExcept([TextPattern(like: "*role/officer")]),
        actions: [.issueCertificate], claim: .cannot, templates: [TextPattern(like: "*CACertificate*")])

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let assertion: Assertion
        let statements: JSONValue
        var boundary: JSONValue?
        /// A key of the request that is allowed, with the form of its value; nil if no such request exists.
        var hole: (key: String, value: String?)?
    }

    static func allow(_ condition: JSONValue? = nil, action: JSONValue = issue) -> JSONValue {
        var members: JSONObject = ["Effect": "Allow", "Action": action, "Resource": "*"]
        if let condition { members["Condition"] = condition }
        return .object(members)
    }

    static func deny(_ condition: JSONValue) -> JSONValue {
        ["Effect": "Deny", "Action": issue, "Resource": "*", "Condition": condition]
    }

    static let names: JSONValue = ["signet:DNSNames": "*.svc.example.com"]
    static let present: JSONValue = ["signet:DNSNames": "false"]

    static let cases: [Case] = [
        Case(
            testDescription: "names limited to a domain",
            assertion: belowDomain,
            statements: [allow(["ForAllValues:StringLike": names, "Null": present])]),
        Case(
            testDescription: "ForAllValues without a value", assertion: belowDomain,
            statements: [allow(["ForAllValues:StringLike": names])],
            hole: ("signet:DNSNames", nil)),
        Case(
            testDescription: "one permitted name among others", assertion: belowDomain,
            statements: [allow(["ForAnyValue:StringLike": names])],
            hole: ("signet:DNSNames", "!*.svc.example.com")),
        Case(
            testDescription: "a pattern without its dot", assertion: belowDomain,
            statements: [
                allow([
                    "ForAllValues:StringLike": ["signet:DNSNames": "*svc.example.com"], "Null": present,
                ])
            ], hole: ("signet:DNSNames", "!*.svc.example.com")),
        Case(
            testDescription: "a denial that closes the pattern", assertion: belowDomain,
            statements: [
                allow(["ForAllValues:StringLike": ["signet:DNSNames": "*svc.example.com"], "Null": present]),
                deny(["ForAnyValue:StringNotLike": names]),
            ]),
        Case(
            testDescription: "a boundary that closes the pattern", assertion: belowDomain,
            statements: [allow()],
            boundary: [allow(["ForAllValues:StringLike": names, "Null": present])]),
        Case(
            testDescription: "a second statement beside the correct one", assertion: belowDomain,
            statements: [
                allow(["ForAllValues:StringLike": names, "Null": present]),
                allow(["NumericLessThan": ["signet:ValidityDays": "8"]]),
            ], hole: ("signet:ValidityDays", "?")),
        Case(
            testDescription: "a list of permitted templates", assertion: noAuthorities,
            statements: [allow(["StringEquals": ["acm-pca:TemplateArn": .string(endEntity)]])]),
        Case(
            testDescription: "a list of forbidden templates", assertion: noAuthorities,
            statements: [
                allow(["StringNotLike": ["acm-pca:TemplateArn": "*/RootCACertificate/*"]])
            ], hole: ("acm-pca:TemplateArn", "*SubordinateCACertificate_PathLen0*")),
        Case(
            testDescription: "everything but one action", assertion: noAuthorities,
            statements: [
                ["Effect": "Allow", "NotAction": "acm-pca:DeleteCertificateAuthority", "Resource": "*"]
            ], hole: ("acm-pca:TemplateArn", "*CACertificate*")),
        Case(
            testDescription: "an authority's own request for its kind", assertion: noAuthorities,
            statements: [allow(["Bool": ["signet:IsCA": "false"]])]),
        Case(
            testDescription: "a condition on a key and a length that no key has", assertion: noAuthorities,
            statements: [
                allow([
                    "StringEquals": ["signet:KeyAlgorithm": "RSA_2048"],
                    "NumericEquals": ["signet:KeySize": "256"],
                ])
            ]),
        Case(
            testDescription: "another process of the principal", assertion: noAuthorities,
            statements: [allow(["StringLike": ["signet:PeerExecutable": "/usr/bin/*"]])],
            hole: ("signet:PeerExecutable", "/usr/bin/*")),
        Case(
            testDescription: "a period that is over", assertion: noAuthorities,
            statements: [allow(["DateLessThan": ["aws:CurrentTime": "2020-01-01T00:00:00Z"]])],
            hole: ("acm-pca:TemplateArn", "*CACertificate*")),
        Case(
            testDescription: "two approvals", assertion: noAuthorities,
            statements: [allow(["NumericGreaterThanEquals": ["signet:ApprovalCount": "2"]])],
            hole: ("signet:ApprovalCount", "2")),
    ]

    @Test(arguments: cases)
    func `holes are found, without false alarms`(_ entry: Case) throws {
        let installation = try Self.installation(entry.statements, boundary: entry.boundary)
        let result = AssertionCheck(installation).result(of: entry.assertion)
        switch (result.outcome, entry.hole) {
        case (.held, nil): #expect(result.tried > 0)
        case (.broken(let found), let hole?):
            // The daemon's own evaluation allows the request.
            let now = found.request.time
            let judgement = Authorizer(installation.rulebook) { now }.judge(found.request)
            #expect(judgement.isAllowed)
            #expect(found.request.requester.principal.arn.resource == "role/ingress")
            let values = found.request.context[hole.key] ?? []
            if let value = hole.value {
                let isNegated = value.hasPrefix("!")
                let pattern = TextPattern(like: isNegated ? String(value.dropFirst()) : value)
                #expect(values.contains { pattern.matches($0) != isNegated }, "\(values)")
            } else {
                #expect(values.isEmpty, "\(values)")
            }
        default: Issue.record("\(result.outcome)")
        }
    }

    @Test func `an assertion can ignore approvals`() throws {
        let installation = try Self.installation([
            Self.allow(["NumericGreaterThanEquals": ["signet:ApprovalCount": "2"]])
        ])
        func outcome(_ below: Int) -> AssertionOutcome {
            AssertionCheck(installation).result(
                of: Assertion(
                    name: "a", subject: Self.ingress, actions: [.issueCertificate], claim: .cannot,
                    approvalsBelow: below)
            ).outcome
        }
        guard case .held = outcome(2) else {
            Issue.record("one approval is not enough")
            return
        }
        guard case .broken = outcome(3) else {
            Issue.record("two are")
            return
        }
    }

    @Test func `an analysis that cannot be complete is undecided, never passed`() throws {
        let variable = try Self.installation([
            Self.allow(["StringEquals": ["signet:Subject": "${aws:ResourceTag/owner}"]])
        ])
        guard case .undecided(let reason) = AssertionCheck(variable).result(of: Self.noAuthorities).outcome
        else {
            Issue.record("a variable of the request was decided")
            return
        }
        #expect(reason.contains("policy variable"), "\(reason)")
        let wide = try Self.installation([
            Self.allow(["ForAllValues:StringLike": Self.names, "Null": Self.present])
        ])
        guard case .undecided(let bound) = AssertionCheck(wide, most: 1).result(of: Self.belowDomain).outcome
        else {
            Issue.record("one request was enough")
            return
        }
        #expect(bound.contains("at most 1 are tried"), "\(bound)")
        let empty = Assertion(
            name: "n", subject: .principals([TextPattern(like: "*role/nobody")]),
            actions: [.issueCertificate],
            claim: .cannot)
        guard case .undecided = AssertionCheck(wide).result(of: empty).outcome else {
            Issue.record("an assertion about no principal held")
            return
        }
    }

    @Test func `a matrix lists the decision of each cell`() throws {
        let installation = try Self.installation([
            [
                "Sid": "Leaf", "Effect": "Allow", "Action": Self.issue, "Resource": "*",
                "Condition": [
                    "StringEquals": ["acm-pca:TemplateArn": .string(Self.endEntity)],
                    "NumericLessThan": ["signet:ValidityDays": "90"],
                ],
            ],
            [
                "Sid": "Two", "Effect": "Allow", "Action": Self.issue, "Resource": "*",
                "Condition": [
                    "Bool": ["signet:IsCA": "true"],
                    "NumericGreaterThanEquals": ["signet:ApprovalCount": "2"],
                ],
            ],
        ])
        let matrix = MatrixMaker(installation).matrix(
            .issueCertificate, authorities: [Self.prefix + "certificate-authority/one"])
        #expect(matrix.rows.count == 2)
        #expect(matrix.rows[0].cells.map(\.access) == [.depends(on: ["signet:ValidityDays"]), .approvals(2)])
        #expect(matrix.rows[0].cells[0].reasons == ["allowed by p#Leaf"])
        #expect(matrix.rows[1].cells.map(\.access) == [.allowed, .allowed])
        let reading = MatrixMaker(installation).matrix(.getCertificate, authorities: ["x"])
        #expect(reading.rows[0].cells.map(\.access) == [.denied])
    }
}
