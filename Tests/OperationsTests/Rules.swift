import Authorization
import Foundation
import JSON
import Operations
import Synchronization

/// The configuration of an ``InMemoryAPI`` for its users.
struct Rules: Sendable {
    var quotas = RequestQuotas.none
    /// The statements of the holder's policy.
    var holder: JSONValue = []
    /// Whether officers and administrators have their usual permissions.
    var hasOfficers = true
    var hasAdministrators = true
    /// The role of the issuer, and the number of officers that it needs for other requests.
    var issuer = "issuer"
    var issuerNeeds = 1
    var digest = "rulebook"

    private static let everything: JSONValue = [["Effect": "Allow", "Action": "*", "Resource": "*"]]

    private var issuing: JSONValue {
        [
            [
                "Effect": "Allow", "Action": "acm-pca:IssueCertificate", "Resource": "*",
                "Condition": ["StringNotLike": ["acm-pca:TemplateArn": "*CACertificate*"]],
            ],
            [
                "Effect": "Allow", "Action": ["acm-pca:IssueCertificate", "acm-pca:PutPolicy"],
                "Resource": "*",
                "Condition": [
                    "NumericGreaterThanEquals": ["signet:ApprovalCount": .string("\(issuerNeeds)")]
                ],
            ],
            ["Effect": "Allow", "Action": "acm-pca:GetCertificate", "Resource": "*"],
        ]
    }

    /// Parsed policies by their statements. Parsing the conditions of a policy takes longer than a test.
    private static let read = Mutex<[Data: Policy]>([:])

    private static func policy(_ statements: JSONValue) throws -> Policy {
        let text = statements.encoded()
        if let known = read.withLock({ $0[text] }) { return known }
        let policy = try Policy(
            identityPolicy: ["Version": "2012-10-17", "Statement": statements], name: "p")
        read.withLock { $0[text] = policy }
        return policy
    }

    func rulebook() throws -> Rulebook {
        func entry(
            _ user: InMemoryAPI.User, _ statements: JSONValue, account: String = "000000000000",
            role: String? = nil
        ) throws -> PrincipalMap.Entry {
            let arn = ARN(
                partition: "aws", service: "iam", region: "", account: account,
                resource: "role/\(role ?? "\(user)")")
            let policies = statements == [] ? [] : [try Self.policy(statements)]
            return .init(Binding(uid: user.rawValue), Principal(arn: arn, policies: policies))
        }
        return Rulebook(
            principals: PrincipalMap([
                try entry(.administrator, hasAdministrators ? Self.everything : []),
                try entry(.issuer, issuing, role: issuer),
                try entry(
                    .officer,
                    hasOfficers ? [["Effect": "Allow", "Action": "signet:*", "Resource": "*"]] : []),
                try entry(.holder, holder), try entry(.foreigner, Self.everything, account: "111111111111"),
                try entry(.outsider, []),
            ]), quotas: quotas, digest: digest)
    }
}

/// The files that a reload reads.
final class Configuration: Sendable {
    private let rulebook: Mutex<Rulebook?>

    init(_ rulebook: Rulebook) { self.rulebook = Mutex(rulebook) }

    func set(_ rulebook: Rulebook?) { self.rulebook.withLock { $0 = rulebook } }

    func load() throws(ReloadFailure) -> Rulebook {
        guard let rulebook = rulebook.withLock({ $0 }) else { throw ReloadFailure(reason: "line 1: no") }
        return rulebook
    }
}
