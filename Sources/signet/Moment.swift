internal import ArgumentParser
internal import Foundation
internal import VisibleText

/// A length of time as people write it: a number and a unit, such as `12h` or `30d`.
struct Period: ExpressibleByArgument {
    let seconds: TimeInterval

    private static let units: [Character: TimeInterval] = [
        "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800,
    ]

    /// Nil for a text that is none, or longer than a hundred years.
    init?(argument text: String) {
        guard let unit = text.last.flatMap({ Self.units[$0] }), let count = UInt32(text.dropLast()),
            TimeInterval(count) * unit <= 36_525 * 86_400
        else { return nil }
        seconds = TimeInterval(count) * unit
    }
}

/// Times as people write them.
enum Moment {
    /// - Parameter direction: whether a length of time is counted back from now (-1) or from now on (1)
    /// - Throws: ``CommandFailure`` for a text that is no time
    static func date(_ text: String, now: Date, direction: Double = -1) throws(CommandFailure) -> Date {
        if let date = try? Date(text, strategy: .iso8601) { return date }
        if let period = Period(argument: text) {
            return now.addingTimeInterval(direction * period.seconds)
        }
        if text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil { return try Day(text).start }
        throw CommandFailure(
            message: "`\(text)` is not a time",
            hint:
                "write it as `2026-11-25T10:00:00Z`, `2026-11-25`, or as a time \(direction < 0 ? "before now" : "from now on"), such as `7d` or `12h`",
            status: .usage)
    }
}
