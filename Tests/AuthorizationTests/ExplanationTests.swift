import Authorization
import JSON
import PKIX
import Testing

/// Explanations of decisions.
struct ExplanationTests {
    static let ca = "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/one"

    static func explain(
        _ statements: JSONValue, saying says: [String: [String]] = [:], action: Action = .issueCertificate
    ) throws -> Explanation {
        let policy = try Policy(
            identityPolicy: ["Version": "2012-10-17", "Statement": statements], name: "p")
        let principal = Principal(
            arn: try #require(ARN("arn:aws:iam::000000000000:role/me")), policies: [policy])
        let authorizer = Authorizer(Rulebook(principals: PrincipalMap([.init(Binding(uid: 1), principal)])))
        var context = ConditionContext()
        for (key, values) in says { context[key] = values }
        return authorizer.explain(
            HypotheticalRequest(
                action, on: ca, by: Requester(principal, .process(Peer(pid: 1, uid: 1, gid: 1))),
                about: ResourceFacts(owner: "000000000000"), saying: context, at: .now()))
    }

    @Test func `the nearest statement is the one with the fewest failed parts`() throws {
        let explanation = try Self.explain(
            [
                ["Sid": "Other", "Effect": "Allow", "Action": "acm-pca:GetCertificate", "Resource": "*"],
                [
                    "Sid": "Two", "Effect": "Allow", "Action": "acm-pca:IssueCertificate", "Resource": "*",
                    "Condition": [
                        "StringEquals": ["acm-pca:TemplateArn": "arn:aws:acm-pca:::template/A/V1"],
                        "NumericLessThan": ["signet:ValidityDays": "9"],
                    ],
                ],
                [
                    "Sid": "One", "Effect": "Allow", "Action": "acm-pca:IssueCertificate", "Resource": "*",
                    "Condition": ["NumericLessThan": ["signet:ValidityDays": "9"]],
                ],
                [
                    "Sid": "Elsewhere", "Effect": "Allow", "Action": "acm-pca:IssueCertificate",
                    "Resource": "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/two",
                ],
            ], saying: ["acm-pca:TemplateArn": ["b"], "signet:ValidityDays": ["30"]])
        #expect(explanation.judgement.decision == .implicitlyDenied(.identity))
        #expect(explanation.nearest?.statement == "p#One")
        #expect(
            explanation.nearest?.shortfalls.map(\.description) == [
                "NumericLessThan signet:ValidityDays 9, and the request has 30"
            ])
        #expect(explanation.parts.isEmpty)
    }

    @Test func `an explanation names the denial, the allowance, or the missing approvals`() throws {
        let allow: JSONValue = ["Sid": "A", "Effect": "Allow", "Action": "*", "Resource": "*"]
        let denied = try Self.explain([
            allow, ["Sid": "D", "Effect": "Deny", "Action": "*", "Resource": "*"],
        ])
        #expect(denied.parts == [.init(kind: .identity, statement: "p#D", isDenial: true)])
        #expect(denied.nearest == nil)
        let allowed = try Self.explain([allow])
        #expect(allowed.parts == [.init(kind: .identity, statement: "p#A", isDenial: false)])
        let waiting = try Self.explain([
            [
                "Effect": "Allow", "Action": "*", "Resource": "*",
                "Condition": ["NumericGreaterThanEquals": ["signet:ApprovalCount": "2"]],
            ]
        ])
        #expect(!waiting.judgement.isAllowed && waiting.judgement.approvalsNeeded == 2)
    }
}
