internal import TokenProtocol

/// What a token does, found by trying it.
public struct DoctorReport: Sendable, Encodable {
    public var token: String
    public var serialNumber: String
    public var model: String
    public var firmware: String
    public var library: String
    /// Mechanisms Signet uses, by name, and whether the token has them.
    public var mechanisms: [Mechanism] = []
    public var keys: [KeyTrial] = []
    public var sessions = Sessions()
    public var operations = Operations()
    /// Signatures a second by number of sessions; empty when no key could sign.
    public var throughput: [Throughput] = []

    public struct Mechanism: Sendable, Encodable {
        public var name: String
        public var isThere: Bool
    }

    /// How a kind of key fares.
    public struct KeyTrial: Sendable, Encodable {
        public var kind: String
        /// Why there is none; nil when it was made.
        public var failure: String?
        /// Attributes that had to be left out of the template.
        public var omitted: [String] = []
        /// Attributes that were asked for and not answered.
        public var unavailable: [String] = []
        /// Attributes with a wrong answer: `NAME is FOUND, not WANTED`.
        public var wrong: [String] = []
        public var verdict: String?
        /// Bytes of CKA_EC_POINT, and whether it is wrapped; nil for RSA.
        public var point: String?
        /// What signing came to: `ok`, or the error.
        public var signature: String?
        /// Attempts that should have been refused and were not.
        public var allowed: [String] = []
    }

    public struct Sessions: Sendable, Encodable {
        /// What the token says; nil for no limit or no word.
        public var stated: Int?
        /// How many were opened at once, beside the first.
        public var opened = 0
        /// What stopped it; nil when nothing did.
        public var limit: String?
        public var sessionInfo = ""
        public var random = ""
    }

    public struct Operations: Sendable, Encodable {
        /// What a second C_SignInit answers while an operation is open.
        public var secondInit: String?
        /// What C_SignInit with a null mechanism answers (PKCS#11 3.0: it gives the operation up).
        public var cancel: String?
        /// Whether CKM_ECDSA takes a digest of 20 bytes with P-256.
        public var shortDigest: String?
    }

    public struct Throughput: Sendable, Encodable {
        public var sessions: Int
        public var perSecond: Double
        /// Milliseconds.
        public var p50: Double
        public var p99: Double
    }

    /// The fewest sessions that sign at least 95 % as fast as any number does.
    public var knee: Int? {
        let best = throughput.map(\.perSecond).max() ?? 0
        return throughput.first { $0.perSecond >= 0.95 * best }?.sessions
    }

    /// Whether some kind of key proves itself and signs.
    public var isUsable: Bool {
        keys.contains { $0.verdict == "\(KeyVerdict.selfReported)" && $0.signature == "ok" }
    }
}
