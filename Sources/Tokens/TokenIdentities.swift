internal import Foundation
internal import Synchronization
internal import TokenProtocol

/// What the entries of the configuration turned out to be when they were opened.
///
/// A URI can name a token by its label and another by its serial number, and both be one token: what happens to it would
/// happen to both, so that neither could stand in for the other. And a label can be that of another token than before,
/// which is then asked for keys and given a PIN that are not its own.
final class TokenIdentities: Sendable {
    private struct Identity {
        let label: String
        let serialNumber: String
        let manufacturer: String
        let model: String
        /// Copies of a token in files have all of the above in common, and lie in different places.
        let module: String
        let environment: [String: String]

        func isSame(as other: Identity) -> Bool {
            (label, serialNumber, manufacturer, model, module)
                == (other.label, other.serialNumber, other.manufacturer, other.model, other.module)
                && environment == other.environment
        }
    }

    private let known = Mutex<[String: Identity]>([:])

    /// The serial number that the entry's token had when it was opened first; nil before, and for a token without one.
    func serialNumber(of name: String) -> String? {
        known.withLock { $0[name]?.serialNumber }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Notes what an entry's token is.
    /// - Returns: the entry that has the same token already; then nothing is noted
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

    /// Another token may be the entry's from now on.
    func forget(_ name: String) { known.withLock { $0[name] = nil } }
}
