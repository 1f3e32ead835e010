internal import ArgumentParser
internal import Foundation
internal import WireAPI

/// The options that say how long a certificate is valid.
struct ValidityOptions: ParsableArguments {
    @Option(help: "How many hours it is valid, from now.") var hours: Int64?
    @Option(help: "How many days it is valid.") var days: Int64?
    @Option(help: "How many months it is valid.") var months: Int64?
    @Option(help: "How many years it is valid.") var years: Int64?
    @Option(
        help:
            "The time it ends: `2026-11-25T10:00:00Z`, `2026-11-25`, `7d` from now on, or YYYYMMDDHHMMSS in UTC."
    )
    var endDate: String?
    @Option(
        help:
            "The time it begins, such as `2026-11-25T10:00:00Z`, or in seconds since 1970; by default an hour ago."
    )
    var notBefore: String?

    func validate() throws {
        let given = [hours, days, months, years].count { $0 != nil } + (endDate == nil ? 0 : 1)
        guard given == 1 else {
            throw ValidationError("Give one of --hours, --days, --months, --years and --end-date.")
        }
        if let hours, !(1...876_600).contains(hours) {
            throw ValidationError("--hours takes a number from 1 to 876600.")
        }
    }

    func end(now: Date) throws(CommandFailure) -> ValidityShape {
        if let hours {
            return Self.absolute(now.addingTimeInterval(TimeInterval(hours) * 3600))
        }
        for (value, type) in [(days, "DAYS"), (months, "MONTHS"), (years, "YEARS")] {
            if let value { return .init(value: value, type: type) }
        }
        let text = endDate ?? ""
        if text.utf8.count == 14, let digits = Int64(text) { return .init(value: digits, type: "END_DATE") }
        return Self.absolute(try Moment.date(text, now: now, direction: 1))
    }

    func begin(now: Date) throws(CommandFailure) -> ValidityShape? {
        guard let notBefore else { return nil }
        if let seconds = Int64(notBefore) { return .init(value: seconds, type: "ABSOLUTE") }
        return Self.absolute(try Moment.date(notBefore, now: now))
    }

    private static func absolute(_ date: Date) -> ValidityShape {
        .init(value: Int64(date.timeIntervalSince1970.rounded(.down)), type: "ABSOLUTE")
    }
}
