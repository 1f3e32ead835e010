/// The identifier and label of a private key on a token.
public struct KeyName: Sendable, Hashable {
    /// CKA_ID, of which at most ``identifierLimit`` octets are sent. Identifiers that Signet makes have 16.
    public var identifier: [UInt8]
    /// CKA_LABEL, of which at most ``labelLimit`` octets are sent.
    public var label: String

    public static let identifierLimit = 64
    public static let labelLimit = 64
    /// The number of keys in one answer. With the longest names they fit into a message
    /// (``FrameLimit/bytes``).
    public static let pageLength = 200

    public init(identifier: [UInt8], label: String) {
        self.identifier = identifier
        self.label = label
    }
}
