/// An event of the log and its proof of inclusion: the parts of a C2SP tlog-proof.
public struct ProvenEventShape: Codable, Sendable, Hashable {
    public var index: UInt64
    /// The exact octets of the event.
    public var event: Blob
    /// The hashes of the proof, the lowest first (RFC 6962, section 2.1.1).
    public var proof: [Blob]
    /// A signed note.
    public var checkpoint: String

    public init(index: UInt64, event: Blob, proof: [Blob], checkpoint: String) {
        self.index = index
        self.event = event
        self.proof = proof
        self.checkpoint = checkpoint
    }
}

public enum GetIssuanceReceiptOperation: WireOperation {
    public static let name = "GetIssuanceReceipt"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        public var certificateAuthorityArn: String
        public var certificateArn: String

        public init(certificateAuthorityArn: String, certificateArn: String) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.certificateArn = certificateArn
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            constraints.arn(certificateArn, "certificateArn")
        }
    }

    public typealias Output = ProvenEventShape
}

public enum GetEventProofOperation: WireOperation {
    public static let name = "GetEventProof"
    public static let service = WireService.signet

    /// Exactly one of the two members.
    public struct Input: Codable, Sendable, Constrained {
        /// An eventID or requestID.
        public var id: String?
        /// 0 is the oldest event.
        public var index: UInt64?

        public init(id: String? = nil, index: UInt64? = nil) {
            self.id = id
            self.index = index
        }

        public func check(_ constraints: inout Constraints) {
            constraints.length(id, "id", 36...36)
            constraints.range(index, "index", 0...UInt64(Int64.max) - 1)
            constraints.exactlyOne(id != nil, index != nil, "id", "index")
        }
    }

    public typealias Output = ProvenEventShape
}
