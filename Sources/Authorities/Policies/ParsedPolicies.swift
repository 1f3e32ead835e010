internal import Authorization
internal import Foundation
internal import JSON
internal import Synchronization

/// A cache of the parsed policies of authorities, each valid until its text changes.
final class ParsedPolicies: Sendable {
    private let known = Mutex<[String: (text: String, policy: Policy)]>([:])

    func policy(_ text: String, of authority: String) throws -> Policy {
        if let entry = known.withLock({ $0[authority] }), entry.text == text { return entry.policy }
        let policy = try Policy(
            storedResourcePolicy: try JSONValue(parsing: Data(text.utf8)), name: "policy of \(authority)")
        known.withLock { $0[authority] = (text, policy) }
        return policy
    }
}
