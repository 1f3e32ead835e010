public import JSON
internal import OctetText

/// A member of a step that is not as the dry run predicted it.
public struct PredictionDifference: Sendable, Hashable, CustomStringConvertible {
    /// Its place in the details, such as `officers[1].name`; `step` for the step itself.
    public let member: String
    /// Nil when the prediction lacks it.
    public let predicted: JSONValue?
    /// Nil when the step lacks it.
    public let actual: JSONValue?

    /// Of values and names in a description.
    private static let longestText = 160

    public var description: String {
        let name = "`\(member.prefix(octets: Self.longestText))`"
        return switch (predicted, actual) {
        case (let predicted?, let actual?):
            "\(name) was predicted as \(Self.text(predicted)) and is \(Self.text(actual))"
        case (let predicted?, nil): "\(name) was predicted as \(Self.text(predicted)) and is not there"
        case (nil, let actual?): "\(name) was not predicted and is \(Self.text(actual))"
        case (nil, nil): name
        }
    }

    /// - Parameters:
    ///   - predicted: a line of a prediction
    ///   - actual: the predictable part of a line of the transcript
    static func between(_ predicted: JSONValue, _ actual: JSONValue) -> [Self] {
        guard case .object(let one) = predicted, case .object(let other) = actual,
            one["step"] == other["step"]
        else { return [Self(member: "step", predicted: predicted["step"], actual: actual["step"])] }
        return compare(one["details"], other["details"], at: "")
    }

    private static func compare(_ predicted: JSONValue?, _ actual: JSONValue?, at place: String) -> [Self] {
        switch (predicted, actual) {
        case (let one, let other) where one == other: return []
        case (.object(let one)?, .object(let other)?):
            let names = Set(one.names).union(other.names).sorted()
            return names.flatMap { compare(one[$0], other[$0], at: place.isEmpty ? $0 : "\(place).\($0)") }
        case (.array(let one)?, .array(let other)?) where one.count == other.count:
            return zip(one, other).enumerated().flatMap {
                compare($1.0, $1.1, at: "\(place)[\($0)]")
            }
        default:
            return [Self(member: place.isEmpty ? "details" : place, predicted: predicted, actual: actual)]
        }
    }

    private static func text(_ value: JSONValue) -> String {
        let text = String(decoding: value.encoded(), as: UTF8.self)
        let short = text.prefix(octets: longestText)
        return short == text ? text : "\(short)…"
    }
}

extension Sequence<PredictionDifference> {
    /// The first few in one sentence, and the number of the others.
    var summary: String {
        let all = Array(self)
        let shown = all.prefix(8).map(\.description)
        let others = all.count - shown.count
        return (shown + (others == 0 ? [] : ["\(others) more"])).joined(separator: "; ")
    }
}
