internal import TokenProtocol
internal import VisibleText

extension WorkerAnswer {
    /// The maximum octets of a reason in the log and in events.
    private static let reasonLimit = 1024
    /// The maximum octets of a name that a token reports. PKCS#11 allows 32; Signet's description of the
    /// library is longer.
    private static let nameLimit = 128
    /// The maximum octets of a reading, and the maximum number of readings of a key.
    private static let readingLimit = 256
    private static let readings = 64

    /// Reads a frame of a worker, whose module may have written it: every text in it is escaped and
    /// shortened. Octets and verdicts, which decide about a key, are unchanged.
    static func parseBounded(
        _ frame: ArraySlice<UInt8>
    ) throws(FrameError) -> (identifier: UInt64, answer: WorkerAnswer) {
        let (identifier, answer) = try parse(frame)
        return (identifier, answer.bounded)
    }

    private var bounded: WorkerAnswer {
        switch self {
        case .signature: return self
        case .failure(let failure):
            return .failure(
                WorkerFailure(failure.failureClass, Self.shown(failure.message, Self.reasonLimit)))
        case .opened(let token, let sessions):
            func name(_ text: String) -> String { Self.shown(text, Self.nameLimit) }
            return .opened(
                TokenDescription(
                    label: name(token.label), manufacturer: name(token.manufacturer),
                    model: name(token.model),
                    serialNumber: name(token.serialNumber), firmware: name(token.firmware),
                    library: name(token.library)), sessions: sessions)
        case .privateKeys(let keys):
            return .privateKeys(
                keys.prefix(KeyName.pageLength).map {
                    KeyName(
                        identifier: Array($0.identifier.prefix(KeyName.identifierLimit)),
                        label: Self.shown($0.label, KeyName.labelLimit))
                })
        case .key(let key):
            let readings = key.evidence.readings.prefix(Self.readings).map {
                AttributeReading(
                    name: Self.shown($0.name, Self.readingLimit),
                    wanted: Self.shown($0.wanted, Self.readingLimit),
                    found: Self.shown($0.found, Self.readingLimit), finding: $0.finding)
            }
            return .key(
                KeyDescription(
                    identifier: key.identifier, publicKey: key.publicKey,
                    evidence: KeyEvidence(verdict: key.evidence.verdict, readings: readings)))
        }
    }

    private static func shown(_ text: String, _ limit: Int) -> String {
        EscapedText(text, limit: limit).text
    }
}
