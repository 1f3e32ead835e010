/// The order of signatures that wait for a token: urgent ones first, then one of each source in turn.
public struct SigningPriority: Sendable, Hashable {
    /// The source of the call: the ARN of a principal, or empty for the daemon itself. A flood from one
    /// source does not delay the others.
    public let source: String
    /// Whether relying parties wait for the signature (CRLs).
    public let isUrgent: Bool

    public init(source: String, isUrgent: Bool = false) {
        self.source = source
        self.isUrgent = isUrgent
    }

    /// The daemon's own work.
    public static let daemon = SigningPriority(source: "")
}
