public import CeremonyTranscript
public import Foundation
public import JSON

/// Writes a transcript during a ceremony. Each line is on disk before the next step, and is compared with the
/// prediction of the dry run.
public final class TranscriptWriter {
    public private(set) var transcript = Transcript()
    private let file: FileHandle?
    private let clock: () -> Date
    private let prediction: [JSONValue]?
    private let show: (TranscriptEntry) -> Void

    /// - Parameters:
    ///   - path: a file that must not exist; nil keeps the transcript in memory
    ///   - prediction: the expected entries before the signatures; nil for no prediction
    ///   - show: called with each entry after it is written
    public init(
        path: String?, prediction: [JSONValue]? = nil, clock: @escaping () -> Date = { Date() },
        show: @escaping (TranscriptEntry) -> Void
    ) throws {
        if let path {
            try Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        } else {
            file = nil
        }
        self.prediction = prediction
        self.clock = clock
        self.show = show
    }

    /// The time in the format of a line.
    func now() -> String { clock().formatted(.iso8601) }

    /// - Parameter time: of ``now()``; by default that of now
    public func record(_ step: TranscriptEntry.Step, _ details: JSONObject, at time: String? = nil) throws {
        let time = time ?? now()
        let (entry, line) = try transcript.append(step, details, at: time)
        try file?.write(contentsOf: line)
        try file?.synchronize()
        show(entry)
        guard let prediction, step != .failed, step != .signature else { return }
        let predicted = entry.index < prediction.count ? prediction[entry.index] : .null
        guard predicted == entry.prediction else {
            throw CeremonyError.notAsPredicted(
                index: entry.index, step: step.rawValue,
                PredictionDifference.between(predicted, entry.prediction))
        }
    }
}

/// Why a ceremony failed.
public enum CeremonyError: Error, Sendable, CustomStringConvertible {
    case exists(String)
    case cannotWrite(String)
    case labelInUse(String, identifier: String)
    case notConfirmed(String)
    case keyIsAnother(String)
    case notProven(String)
    case lint(String)
    case wrongSignature
    case officerKey(name: String, reason: String)
    case notAsPredicted(index: Int, step: String, [PredictionDifference])
    case encoding(String)

    public var description: String {
        switch self {
        case .exists(let path):
            "`\(path)` is there already; a ceremony overwrites nothing: move it away, or name another"
        case .cannotWrite(let directory):
            "the directory `\(directory)` is not there or cannot be written; nothing was begun"
        case .labelInUse(let label, let identifier):
            "the token has an object with the label `\(label)` or the CKA_ID \(identifier) already; nothing was changed"
        case .notConfirmed(let name): "\(name) did not confirm; nothing was changed on the token"
        case .keyIsAnother(let identifier):
            "the key \(identifier) on the token is not the one of the issuer's certificate"
        case .notProven(let reason): reason
        case .lint(let findings): "what was to be signed breaks rules: \(findings)"
        case .wrongSignature: "the token's signature does not verify; nothing of it was written"
        case .officerKey(let name, let reason): "the key of \(name): \(reason)"
        case .notAsPredicted(let index, let step, let differences):
            "step \(index + 1), \(step), is not as the dry run predicted it: \(differences.summary); the ceremony ends here"
        case .encoding(let reason): "what was to be signed cannot be encoded: \(reason)"
        }
    }

    /// What to do; nil where the description says it.
    public var hint: String? {
        guard case .notAsPredicted = self else { return nil }
        return
            "compare the ceremony file, the files that it names and the prediction with those that were reviewed, or plan again"
    }
}
