/// How well it is shown that a private key cannot leave its token and can do nothing but sign.
public enum KeyVerdict: UInt8, Sendable, Hashable {
    /// The token's maker vouches for it with a signature that was checked.
    case attested = 1
    /// The token says so itself, in every attribute that was asked.
    case selfReported = 2
    /// At least one attribute says otherwise, or is not to be had. Such a key is not used.
    case notProvable = 3
}

/// One attribute of a private key as the token answered it.
public struct AttributeReading: Sendable, Hashable {
    /// The comparison of the reported value with the required one.
    public enum Finding: UInt8, Sendable, Hashable {
        case satisfied = 1
        /// Not answered, and the token's profile says that it cannot be.
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

    /// The readings that stand against the key.
    public var failures: [AttributeReading] { readings.filter { $0.finding == .wrong } }
}
