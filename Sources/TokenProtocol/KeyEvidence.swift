/// How strong the evidence is that a private key cannot leave its token and can only sign.
public enum KeyVerdict: UInt8, Sendable, Hashable {
    /// The vendor attests it with a signature that was verified.
    case attested = 1
    /// The token reports it in every attribute that was read.
    case selfReported = 2
    /// At least one attribute has another value or cannot be read. Such a key is not used.
    case notProvable = 3
}

/// One attribute of a private key as the token reported it.
public struct AttributeReading: Sendable, Hashable {
    /// The comparison of the reported value with the required one.
    public enum Finding: UInt8, Sendable, Hashable {
        case satisfied = 1
        /// Not reported, and the token's profile says that it cannot be.
        case waived = 2
        case wrong = 3
    }

    /// The standard's name, such as `CKA_EXTRACTABLE`.
    public let name: String
    public let wanted: String
    /// The reported value; `unavailable` when the token did not report it.
    public let found: String
    public let finding: Finding

    public init(name: String, wanted: String, found: String, finding: Finding) {
        self.name = name
        self.wanted = wanted
        self.found = found
        self.finding = finding
    }
}

/// The attributes of a private key read back from the token, and the verdict on them.
public struct KeyEvidence: Sendable, Hashable {
    public let verdict: KeyVerdict
    public let readings: [AttributeReading]

    public init(verdict: KeyVerdict, readings: [AttributeReading]) {
        self.verdict = verdict
        self.readings = readings
    }

    /// The readings that prove the key unusable.
    public var failures: [AttributeReading] { readings.filter { $0.finding == .wrong } }
}
