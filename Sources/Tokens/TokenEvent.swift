public import TokenProtocol

/// An event of a token for the audit log.
public struct TokenEvent: Sendable {
    /// The token's name in the configuration.
    public let token: String
    public let kind: Kind

    public enum Kind: Sendable {
        /// A worker is logged in. `pin` is the source of the PIN; `moduleDigest` is the SHA-256 of the
        /// module's file, in hexadecimal, nil when it cannot be read.
        case opened(TokenDescription, pin: String, moduleDigest: String?)
        /// A trace module writes every call of the opened worker to its output, except those with a PIN.
        /// `output` is the file; nil for the daemon's standard error.
        case traced(module: String, output: String?)
        /// It cannot be opened. Reported once for each reason, not for each attempt.
        case notOpened(reason: String)
        /// Its worker was lost or ended, and will be replaced.
        case workerReplaced(reason: String)
        /// The daemon does not try it again until its next start.
        case refused(reason: String)
        /// A key on the token no longer proves itself, and does not sign there.
        case keyNotUsed(identifier: String, reason: String)
        /// An operator took it out of service, or put it back.
        case drained
        case resumed
    }
}
