public import Authorization
internal import Foundation
internal import JSON
public import RecordKeeping

/// A parsed policy for an authority, checked against AWS's rules (User Guide, "Resource-based policies").
public struct ResourcePolicy: Sendable {
    /// The unchanged text.
    public let text: String
    public let policy: Policy

    /// - Throws: ``CAError/invalidPolicy(_:)``
    public init(_ text: String, for authority: ARN) throws(CAError) {
        let document: JSONValue
        do { document = try JSONValue(parsing: Data(text.utf8)) } catch {
            throw .invalidPolicy("the policy is not valid JSON: line \(error.line): \(error.reason)")
        }
        do {
            policy = try Policy(resourcePolicy: document, name: "policy", partition: authority.partition)
        } catch {
            throw .invalidPolicy("the policy is not valid: \(error)")
        }
        try Self.checkShape(document, authority)
        self.text = text
    }

    private static func checkShape(_ document: JSONValue, _ authority: ARN) throws(CAError) {
        guard case .object(let members) = document, let statement = members["Statement"] else { return }
        let list: [JSONValue] = if case .array(let list) = statement { list } else { [statement] }
        for (index, entry) in list.enumerated() {
            guard case .object(let statement) = entry else { continue }
            func fail(_ member: String, _ reason: String) -> CAError {
                .invalidPolicy("the policy is not valid: Statement[\(index)].\(member): \(reason)")
            }
            guard strings(statement["Resource"]) == [authority.description] else {
                throw fail("Resource", "must be the certificate authority's own ARN, \(authority)")
            }
            guard statement["Effect"] == "Allow" else { continue }
            guard let actions = strings(statement["Action"]), Set(actions).isSubset(of: Action.grantableNames)
            else {
                throw fail(
                    "Action",
                    "an Allow can name \(Action.grantableNames.joined(separator: ", ")), in full, and no others"
                )
            }
        }
    }

    private static func strings(_ value: JSONValue?) -> [String]? {
        switch value {
        case .string(let text): [text]
        case .array(let list): list.compactMap(\.stringValue)
        default: nil
        }
    }
}
