internal import Foundation
internal import Synchronization
internal import TokenProtocol

/// The identities of the tokens that the configuration's entries opened.
///
/// Two entries can name the same token, one by its label and one by its serial number. Then neither could
/// replace the other in a failure. And a label can later belong to a different token, which must not be given
/// the first token's PIN.
final class TokenIdentities: Sendable {
    private struct Identity {
        let label: String
        let serialNumber: String
        let manufacturer: String
        let model: String
        /// Distinguishes copies of a file-based token in different places, which are equal in all members
        /// above.
        let module: String
        let environment: [String: String]

        func isSame(as other: Identity) -> Bool {
            (label, serialNumber, manufacturer, model, module)
                == (other.label, other.serialNumber, other.manufacturer, other.model, other.module)
                && environment == other.environment
        }
    }

    private let known = Mutex<[String: Identity]>([:])

    /// The serial number of the entry's token at its first opening; nil before, and for a token without one.
    func serialNumber(of name: String) -> String? {
        known.withLock { $0[name]?.serialNumber }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Stores the identity of an entry's token.
    /// - Returns: the entry that already has the same token; then nothing is stored
    func claim(_ token: TokenDescription, for configuration: TokenConfiguration) -> String? {
        let identity = Identity(
            label: token.label, serialNumber: token.serialNumber, manufacturer: token.manufacturer,
            model: token.model,
            module: URL(fileURLWithPath: configuration.module.path).resolvingSymlinksInPath().path,
            environment: configuration.environment)
        return known.withLock { known in
            let other = known.first { $0.key != configuration.name && $0.value.isSame(as: identity) }
            if other == nil { known[configuration.name] = identity }
            return other?.key
        }
    }

    /// Allows another token for the entry from now on.
    func remove(_ name: String) { known.withLock { $0[name] = nil } }
}
