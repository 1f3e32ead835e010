public import TokenProtocol

/// Something about a token that belongs on the record.
public struct TokenEvent: Sendable {
    /// The token's name in the configuration.
    public let token: String
    public let kind: Kind

    public enum Kind: Sendable {
        /// A worker is logged in. `pin` says where the PIN came from; `moduleDigest` is the SHA-256 of the module's file, in
        /// hexadecimal, nil when it cannot be read.
        case opened(TokenDescription, pin: String, moduleDigest: String?)
        /// A trace module stands before the module of the worker that was opened, and writes down every call but those with a
        /// PIN. `output` is the file; nil for the daemon's standard error.
        case traced(module: String, output: String?)
        /// It cannot be opened. Reported once for each reason, not for each try.
        case notOpened(reason: String)
        /// Its worker was lost or ended, and will be replaced.
        case workerReplaced(reason: String)
        /// The daemon does not try it again until its next start.
        case refused(reason: String)
        /// A key it holds does not prove itself any more, and does not sign there.
        case keyNotUsed(identifier: String, reason: String)
        /// An operator took it out of service, or put it back.
        case drained
        case resumed
    }
}
