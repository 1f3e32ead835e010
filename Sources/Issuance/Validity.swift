public import PKIX

/// The requested validity, in the form of the API (`Validity`).
public struct Validity: Sendable, Hashable {
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        /// YYMMDDHHMMSS or YYYYMMDDHHMMSS, read as a number.
        case endDate = "END_DATE"
        /// Seconds since 1970-01-01T00:00:00Z.
        case absolute = "ABSOLUTE"
        /// Days of exactly 86,400 seconds from the time of issuance.
        case days = "DAYS"
        case months = "MONTHS"
        case years = "YEARS"
    }

    public let value: Int64
    public let unit: Unit

    public init(value: Int64, unit: Unit) {
        self.value = value
        self.unit = unit
    }

    /// The end of the validity of a certificate issued at `now`; nil when it is after the year 9999.
    public func end(from now: CivilTime) -> CivilTime? {
        guard value >= 1 else { return nil }
        switch unit {
        case .endDate: return Self.endDate(value)
        case .absolute: return CivilTime(secondsSinceEpoch: value)
        case .days:
            let (seconds, overflow) = value.multipliedReportingOverflow(by: 86_400)
            let (end, overflowed) = now.secondsSinceEpoch.addingReportingOverflow(seconds)
            return overflow || overflowed ? nil : CivilTime(secondsSinceEpoch: end)
        case .months: return value > 120_000 ? nil : Self.adding(months: Int(value), to: now)
        case .years: return value > 10_000 ? nil : Self.adding(months: 12 * Int(value), to: now)
        }
    }

    // API reference, Validity: a two-digit year of 50 or more belongs to the 20th century, as in UTCTime.
    private static func endDate(_ value: Int64) -> CivilTime? {
        let digits = String(value).count
        let year = Int(value / 10_000_000_000)
        let fullYear: Int
        switch digits {
        // A leading zero of the year is lost in a number: 11 digits are the years 2001 to 2009.
        case ...12: fullYear = year >= 50 ? 1900 + year : 2000 + year
        case 14: fullYear = year
        default: return nil
        }
        func pair(_ divisor: Int64) -> Int { Int(value / divisor % 100) }
        return CivilTime(
            year: fullYear, month: pair(100_000_000), day: pair(1_000_000), hours: pair(10_000),
            minutes: pair(100), seconds: pair(1))
    }

    // The same day of a later month, or that month's last day when it has no such day.
    private static func adding(months: Int, to time: CivilTime) -> CivilTime? {
        let total = time.year * 12 + time.month - 1 + months
        for day in stride(from: time.day, to: time.day - 4, by: -1) {
            if let moved = CivilTime(
                year: total / 12, month: total % 12 + 1, day: day, hours: time.hours, minutes: time.minutes,
                seconds: time.seconds)
            {
                return moved
            }
        }
        return nil
    }
}
