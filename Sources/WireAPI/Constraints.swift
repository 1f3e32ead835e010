internal import Foundation
internal import OctetText

/// Checks the members of a request against the limits of the API's model. Violations are reported in the
/// API's own words.
public struct Constraints {
    public private(set) var violations: [String] = []

    public init() {}

    /// Checks a string's length in UTF-16 code units, the unit of the model.
    public mutating func length(_ value: String?, _ member: String, _ range: ClosedRange<Int>) {
        guard let value else { return }
        let count = value.utf16.count
        if count < range.lowerBound {
            add(value, member, "Member must have length greater than or equal to \(range.lowerBound)")
        } else if count > range.upperBound {
            add(value, member, "Member must have length less than or equal to \(range.upperBound)")
        }
    }

    /// Checks a blob's length in bytes. Messages do not repeat its contents.
    public mutating func length(_ value: Blob?, _ member: String, _ range: ClosedRange<Int>) {
        guard let value else { return }
        if value.bytes.count < range.lowerBound {
            add("…", member, "Member must have length greater than or equal to \(range.lowerBound)")
        } else if value.bytes.count > range.upperBound {
            add("…", member, "Member must have length less than or equal to \(range.upperBound)")
        }
    }

    public mutating func count(_ value: Int?, _ member: String, _ range: ClosedRange<Int>) {
        guard let value, !range.contains(value) else { return }
        add("…", member, "Member must have between \(range.lowerBound) and \(range.upperBound) entries")
    }

    public mutating func range<Number: BinaryInteger>(
        _ value: Number?, _ member: String, _ range: ClosedRange<Number>
    ) {
        guard let value else { return }
        if value < range.lowerBound {
            add("\(value)", member, "Member must have value greater than or equal to \(range.lowerBound)")
        } else if value > range.upperBound {
            add("\(value)", member, "Member must have value less than or equal to \(range.upperBound)")
        }
    }

    public mutating func oneOf(_ value: String?, _ member: String, _ allowed: [String]) {
        guard let value, !allowed.contains(value) else { return }
        add(value, member, "Member must satisfy enum value set: [\(allowed.joined(separator: ", "))]")
    }

    public mutating func matches(
        _ value: String?, _ member: String, _ regex: Regex<Substring>, _ pattern: String
    ) {
        // A text that is too long for any member is not matched, because its length is reported already.
        guard let value, value.utf8.count > 4096 || value.wholeMatch(of: regex) == nil else { return }
        add(value, member, "Member must satisfy regular expression pattern: \(pattern)")
    }

    /// Checks that exactly one of two members is present.
    public mutating func exactlyOne(_ hasFirst: Bool, _ hasSecond: Bool, _ first: String, _ second: String) {
        guard hasFirst == hasSecond else { return }
        add(hasFirst ? "…" : "null", first, "Exactly one of \(first) and \(second) must be there")
    }

    /// Checks for octets in hexadecimal, with or without colons between them.
    mutating func hexadecimal(_ value: String?, _ member: String) {
        length(value, member, 2...200)
        matches(
            value, member, /[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2})*/, "[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2})*")
    }

    /// Checks that both times are in range, and that the second is not before the first.
    mutating func period(_ start: Date?, _ startMember: String, _ end: Date?, _ endMember: String) {
        for (time, member) in [(start, startMember), (end, endMember)] {
            // The years 1970 to 9999.
            guard let seconds = time?.timeIntervalSince1970, !(0..<253_402_300_800).contains(seconds) else {
                continue
            }
            add("\(seconds)", member, "Member must be between 0 and 253402300799")
        }
        if let start, let end, end < start {
            add("\(end.timeIntervalSince1970)", endMember, "Member must not be before \(startMember)")
        }
    }

    mutating func add(_ value: String, _ member: String, _ constraint: String) {
        // Further violations are dropped, because they would add nothing.
        guard violations.count < 20 else { return }
        violations.append(
            "Value '\(value.prefix(octets: 128))' at '\(member)' failed to satisfy constraint: \(constraint)")
    }

    /// `1 validation error detected: …`; nil when there is none.
    public var message: String? {
        guard !violations.isEmpty else { return nil }
        let noun = violations.count == 1 ? "error" : "errors"
        return "\(violations.count) validation \(noun) detected: \(violations.joined(separator: "; "))"
    }

    public static func missing(_ member: String) -> String {
        "1 validation error detected: Value null at '\(member)' failed to satisfy constraint: Member must not be null"
    }
}

/// A request with limits on its members.
public protocol Constrained {
    func check(_ constraints: inout Constraints)
}
