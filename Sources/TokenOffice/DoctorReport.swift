internal import TokenProtocol

/// The results of testing a token.
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

    /// The results for a kind of key.
    public struct KeyTrial: Sendable, Encodable {
        public var kind: String
        /// Why the key could not be generated; nil if it was.
        public var failure: String?
        /// Attributes that had to be left out of the template.
        public var omitted: [String] = []
        /// Attributes that the token did not report.
        public var unavailable: [String] = []
        /// Attributes with a wrong value: `NAME is FOUND, not WANTED`.
        public var wrong: [String] = []
        public var verdict: String?
        /// Bytes of CKA_EC_POINT, and whether it is wrapped; nil for RSA.
        public var point: String?
        /// The result of signing: `ok`, or the error.
        public var signature: String?
        /// Attempts that should have been refused and were not.
        public var allowed: [String] = []
    }

    public struct Sessions: Sendable, Encodable {
        /// The limit that the token reports; nil for none.
        public var stated: Int?
        /// The number of sessions opened at once, in addition to the first.
        public var opened = 0
        /// The error that ended the test; nil for none.
        public var limit: String?
        public var sessionInfo = ""
        public var random = ""
    }

    public struct Operations: Sendable, Encodable {
        /// The answer to a second C_SignInit while an operation is open.
        public var secondInit: String?
        /// The answer to C_SignInit with a null mechanism (PKCS#11 3.0: it cancels the operation).
        public var cancel: String?
        /// Whether CKM_ECDSA accepts a digest of 20 bytes with P-256.
        public var shortDigest: String?
    }

    public struct Throughput: Sendable, Encodable {
        public var sessions: Int
        public var perSecond: Double
        /// Milliseconds.
        public var p50: Double
        public var p99: Double
    }

    /// The smallest number of sessions with at least 95 % of the best rate.
    public var knee: Int? {
        let best = throughput.map(\.perSecond).max() ?? 0
        return throughput.first { $0.perSecond >= 0.95 * best }?.sessions
    }

    /// Whether some kind of key proves itself and signs.
    public var isUsable: Bool {
        keys.contains { $0.verdict == "\(KeyVerdict.selfReported)" && $0.signature == "ok" }
    }
}
