internal import Crypto
internal import Foundation
internal import Identifiers
public import JSON
internal import PKIX

/// One line of a transcript: a step, with the hash of the previous line.
public struct TranscriptEntry: Sendable, Hashable {
    /// The steps of a ceremony, by their names in the file.
    public enum Step: String, Sendable, Hashable, CaseIterable {
        case ceremony = "Ceremony"
        case token = "Token"
        case confirmed = "Confirmed"
        case keyFound = "KeyFound"
        case keyGenerated = "KeyGenerated"
        case keyEvidence = "KeyEvidence"
        case prepared = "Prepared"
        case signatureIntent = "SignatureIntent"
        case signed = "Signed"
        case written = "Written"
        case concluded = "Concluded"
        case failed = "Failed"
        /// After the end: a signature over all lines above.
        case signature = "Signature"
    }

    /// From 0.
    public let index: Int
    /// ISO 8601, in UTC.
    public let time: String
    public let step: Step
    public let details: JSONObject
    /// SHA-256 of the line before, without its line feed, in hexadecimal; 64 zeros for the first.
    public let previous: String

    public static let noPrevious = String(repeating: "0", count: 64)

    init(index: Int, time: String, step: Step, details: JSONObject, previous: String) {
        self.index = index
        self.time = time
        self.step = step
        self.details = details
        self.previous = previous
    }

    /// The line in the file without the line feed: JSON with sorted members.
    func line() throws -> Data {
        let value: JSONValue = [
            "details": .object(details), "index": .integer(Int64(index)), "previous": .string(previous),
            "step": .string(step.rawValue), "time": .string(time),
        ]
        return value.encoded()
    }

    init(parsing line: Data) throws(TranscriptError) {
        let value: JSONValue
        do { value = try JSONValue(parsing: line) } catch {
            throw .malformed("it is not JSON: \(error.reason)")
        }
        guard case .object(let members) = value,
            Set(members.names) == ["details", "index", "previous", "step", "time"],
            case .integer(let index)? = members["index"], case .object(let details)? = members["details"],
            let time = members["time"]?.stringValue, let previous = members["previous"]?.stringValue,
            let step = members["step"]?.stringValue.flatMap({ Step(rawValue: $0) })
        else { throw .malformed("it does not have the members of a transcript's line") }
        self.init(index: Int(index), time: time, step: step, details: details, previous: previous)
    }

    /// The predictable part of this line: all values that do not depend on the token, the clock or random
    /// numbers.
    public var prediction: JSONValue {
        var known = details
        for name in Self.unpredictable where known[name] != nil { known[name] = "…" }
        return ["step": .string(step.rawValue), "details": .object(known)]
    }

    private static let unpredictable: Set<String> = [
        "isDryRun", "serialNumber", "label", "manufacturer", "model", "firmware", "library", "moduleSHA256",
        "pinSource", "subjectPublicKeyInfo", "sha256", "attributes", "probes", "certificateSerialNumber",
        "signature", "verifierKey",
    ]
}

/// Why a transcript is invalid.
public enum TranscriptError: Error, Sendable, Hashable, CustomStringConvertible {
    case malformed(String)
    /// From 1.
    case line(Int, String)
    case incomplete(String)

    public var description: String {
        switch self {
        case .malformed(let reason): reason
        case .line(let number, let reason): "line \(number): \(reason)"
        case .incomplete(let reason): reason
        }
    }
}

func sha256(_ bytes: some Sequence<UInt8>) -> String { hexadecimal(SHA256.hash(data: Data(bytes))) }
