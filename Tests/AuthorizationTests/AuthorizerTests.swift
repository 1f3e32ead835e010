import JSON
import PKIX
import Testing

@testable import Authorization

struct AuthorizerTests {
    struct Issue: Authorizable {
        static let action = Action.issueCertificate
        let resource: String
        let context: ConditionContext

        func conditionContext(at now: CivilTime) -> ConditionContext { context }
    }

    struct List: Authorizable {
        static let action = Action.listCertificateAuthorities
        let resource = "*"
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let statements: JSONValue
        var resource = ca
        var template: String? = endEntity
        /// The Sid of the deciding statement, or part of the refusal's message.
        let expected: Expected
    }

    enum Expected: Sendable, Equatable {
        case allowed(String)
        case implicit
        case explicit(String)
    }

    static let ca = "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/one"
    static let endEntity = "arn:aws:acm-pca:::template/EndEntityCertificate/V1"
    static let subordinate = "arn:aws:acm-pca:::template/SubordinateCACertificate_PathLen0/V1"

    static func statement(
        _ effect: String, action: JSONValue = "acm-pca:IssueCertificate", resource: JSONValue = "*",
        condition: JSONValue? = nil, sid: String? = nil
    ) -> JSONValue {
        var members: JSONObject = [
            "Effect": .string(effect), "Action": action, "Resource": resource,
        ]
        if let condition { members["Condition"] = condition }
        if let sid { members["Sid"] = .string(sid) }
        return .object(members)
    }

    static func template(_ comparison: String, _ values: JSONValue) -> JSONValue {
        .object([comparison: ["acm-pca:TemplateArn": values]])
    }

    static let cases: [Case] = [
        Case(
            testDescription: "an allow decides", statements: [statement("Allow", sid: "A")],
            expected: .allowed("p#A")),
        Case(
            testDescription: "no statement is a denial",
            statements: [statement("Allow", action: "acm-pca:GetCertificate")], expected: .implicit),
        Case(
            testDescription: "a deny wins over an allow before it",
            statements: [statement("Allow"), statement("Deny", sid: "D")], expected: .explicit("p#D")),
        Case(
            testDescription: "a deny wins over an allow after it",
            statements: [statement("Deny", sid: "D"), statement("Allow")], expected: .explicit("p#D")),
        Case(
            testDescription: "actions are compared without regard to case",
            statements: [statement("Allow", action: "ACM-PCA:issuecertificate")], expected: .allowed("p#0")),
        Case(
            testDescription: "a wildcard in an action",
            statements: [statement("Allow", action: "acm-pca:Issue*")],
            expected: .allowed("p#0")),
        Case(
            testDescription: "one of several actions",
            statements: [statement("Allow", action: ["acm-pca:GetCertificate", "acm-pca:IssueCertificate"])],
            expected: .allowed("p#0")),
        Case(
            testDescription: "a resource that is named",
            statements: [statement("Allow", resource: .string(ca))],
            expected: .allowed("p#0")),
        Case(
            testDescription: "another resource",
            statements: [statement("Allow", resource: .string(ca + "x"))],
            expected: .implicit),
        Case(
            testDescription: "a resource in other case",
            statements: [
                statement("Allow", resource: .string(ca.uppercased().replacing("ARN:", with: "arn:")))
            ],
            expected: .implicit),
        Case(
            testDescription: "a wildcard in a resource",
            statements: [
                statement("Allow", resource: "arn:aws:acm-pca:*:000000000000:certificate-authority/o?e")
            ],
            expected: .allowed("p#0")),
        Case(
            testDescription: "StringEquals holds",
            statements: [statement("Allow", condition: template("StringEquals", .string(endEntity)))],
            expected: .allowed("p#0")),
        Case(
            testDescription: "StringEquals does not expand a wildcard",
            statements: [
                statement(
                    "Allow", condition: ["StringEquals": ["aws:PrincipalArn": "arn:aws:iam::*"]])
            ],
            expected: .implicit),
        Case(
            testDescription: "StringEquals on another template",
            statements: [statement("Allow", condition: template("StringEquals", .string(endEntity)))],
            template: subordinate, expected: .implicit),
        Case(
            testDescription: "StringLike holds",
            statements: [statement("Allow", condition: template("StringLike", "*/EndEntity*/V*"))],
            expected: .allowed("p#0")),
        Case(
            testDescription: "one of several values",
            statements: [
                statement(
                    "Allow", condition: template("StringEquals", [.string(subordinate), .string(endEntity)]))
            ],
            expected: .allowed("p#0")),
        Case(
            testDescription: "a deny for CA templates",
            statements: [
                statement("Allow"),
                statement("Deny", condition: template("StringLike", "*CACertificate*"), sid: "No"),
            ],
            template: subordinate, expected: .explicit("p#No")),
        Case(
            testDescription: "a deny for CA templates does not affect others",
            statements: [
                statement("Allow"),
                statement("Deny", condition: template("StringLike", "*CACertificate*"), sid: "No"),
            ],
            expected: .allowed("p#0")),
        Case(
            testDescription: "StringEquals fails if the request lacks the key",
            statements: [statement("Allow", condition: template("StringEquals", .string(endEntity)))],
            template: nil, expected: .implicit),
        Case(
            testDescription: "StringNotLike holds if the request lacks the key",
            statements: [statement("Deny", condition: template("StringNotLike", "*EndEntity*"), sid: "D")],
            template: nil, expected: .explicit("p#D")),
        Case(
            testDescription: "all conditions must hold",
            statements: [
                statement(
                    "Allow",
                    condition: [
                        "StringEquals": ["acm-pca:TemplateArn": .string(endEntity)],
                        "StringLike": ["aws:PrincipalArn": "arn:aws:iam::*:role/other"],
                    ])
            ],
            expected: .implicit),
        Case(
            testDescription: "a condition key in other case",
            statements: [
                statement("Allow", condition: ["StringEquals": ["ACM-PCA:templatearn": .string(endEntity)]])
            ],
            expected: .allowed("p#0")),
        Case(
            testDescription: "the principal's own ARN",
            statements: [
                statement(
                    "Allow",
                    condition: ["StringEquals": ["aws:PrincipalArn": "arn:aws:iam::000000000000:role/me"]])
            ],
            expected: .allowed("p#0")),
    ]

    static func context(template: String?) -> ConditionContext {
        var context = ConditionContext()
        if let template { context.set("acm-pca:TemplateArn", template) }
        return context
    }

    static let caller = Caller.process(Peer(pid: 7, uid: 1000, gid: 2000))

    static func authorizer(_ statements: JSONValue) throws -> Authorizer {
        // Read as a stored policy, because these cases test decisions.
        let policy = try PolicyReader(name: "p", form: .identity, isStored: true).policy(
            ["Version": "2012-10-17", "Statement": statements])
        let principal = Principal(
            arn: try #require(ARN("arn:aws:iam::000000000000:role/me")), policies: [policy])
        return Authorizer(Rulebook(principals: PrincipalMap([.init(Binding(uid: 1000), principal)])))
    }

    @Test(arguments: cases)
    func `the evaluation follows IAM`(_ entry: Case) throws {
        let authorizer = try Self.authorizer(entry.statements)
        let request = Issue(
            resource: entry.resource,
            context: Self.context(template: entry.template))
        let decision: Expected
        do {
            decision = .allowed(try authorizer.authorize(request, from: Self.caller).statement)
        } catch {
            switch error.reason {
            case .implicit: decision = .implicit
            case .explicit(_, let statement): decision = .explicit(statement)
            default: throw error
            }
        }
        #expect(decision == entry.expected)
    }

    @Test func `refusals use IAM's words`() throws {
        let request = Issue(resource: Self.ca, context: ConditionContext())
        let nothing = try Self.authorizer([Self.statement("Allow", action: "acm-pca:ListTags")])
        let implicit = #expect(throws: AccessDenied.self) {
            _ = try nothing.authorize(request, from: Self.caller).statement
        }
        #expect(
            implicit?.description
                == "User: arn:aws:iam::000000000000:role/me is not authorized to perform: acm-pca:IssueCertificate "
                + "on resource: \(Self.ca) because no identity-based policy allows the acm-pca:IssueCertificate action"
        )
        let denied = try Self.authorizer([Self.statement("Deny")])
        let explicit = #expect(throws: AccessDenied.self) {
            _ = try denied.authorize(request, from: Self.caller).statement
        }
        #expect(explicit?.description.hasSuffix("with an explicit deny in an identity-based policy") == true)
    }

    @Test func `an unmapped peer is refused, whatever the policies say`() throws {
        let authorizer = try Self.authorizer([Self.statement("Allow", action: "*")])
        for peer in [Peer(pid: 7, uid: 1001, gid: 2000), Peer(pid: 7, uid: 0, gid: 0)] {
            let error = #expect(throws: AccessDenied.self) {
                _ = try authorizer.authorize(List(), from: .process(peer)).statement
            }
            #expect(error?.reason == .unmappedCaller)
        }
    }

    @Test func `a binding of the user precedes a binding of its group`() throws {
        func principal(_ name: String) throws -> Principal {
            Principal(arn: try #require(ARN("arn:aws:iam::000000000000:role/\(name)")), policies: [])
        }
        let map = PrincipalMap([
            .init(Binding(uid: 1), try principal("user")), .init(Binding(gid: 5), try principal("group")),
        ])
        func name(_ peer: Peer) -> String? {
            if case .principal(let principal) = map.identify(.process(peer)) {
                principal.arn.resource
            } else {
                nil
            }
        }
        #expect(name(Peer(pid: 1, uid: 1, gid: 5)) == "role/user")
        #expect(name(Peer(pid: 1, uid: 2, gid: 5)) == "role/group")
        #expect(name(Peer(pid: 1, uid: 2, gid: 6, groups: [4, 5])) == "role/group")
        #expect(name(Peer(pid: 1, uid: 5, gid: 1)) == nil)
    }
}
