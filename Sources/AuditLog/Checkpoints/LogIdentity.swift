public import PKIX

/// The identity of the log in checkpoints: a unique name, and a key that signs nothing else.
public struct LogIdentity: Sendable, Hashable {
    /// The log's name (C2SP tlog-checkpoint). It does not begin with `0`, so that no note can be parsed as
    /// DER.
    public let origin: String
    /// The key that a ceremony made for the log; nil where the daemon makes it.
    public let ceremonyKey: CeremonyKey?

    public init(origin: String, ceremonyKey: CeremonyKey? = nil) {
        self.origin = origin
        self.ceremonyKey = ceremonyKey
    }

    /// A key of a token, as the transcript of its ceremony describes it.
    public struct CeremonyKey: Sendable, Hashable {
        /// CKA_ID
        public let identifier: [UInt8]
        public let publicKey: SubjectPublicKey
        /// SHA-256 of the transcript, in hexadecimal.
        public let transcriptDigest: String

        public init(identifier: [UInt8], publicKey: SubjectPublicKey, transcriptDigest: String) {
            self.identifier = identifier
            self.publicKey = publicKey
            self.transcriptDigest = transcriptDigest
        }
    }
}
