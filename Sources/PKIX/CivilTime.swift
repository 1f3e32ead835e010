public import Foundation

/// A moment in UTC, with the precision of a second as in certificates. Proleptic Gregorian, years 1 to 9999.
public struct CivilTime: Sendable, Hashable {
    public let year: Int
    public let month: Int
    public let day: Int
    public let hours: Int
    public let minutes: Int
    public let seconds: Int

    /// Nil unless the moment exists.
    public init?(year: Int, month: Int, day: Int, hours: Int, minutes: Int, seconds: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day),
            (0...23).contains(hours), (0...59).contains(minutes), (0...59).contains(seconds)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hours = hours
        self.minutes = minutes
        self.seconds = seconds
    }

    /// Nil outside the years 1 to 9999.
    public init?(secondsSinceEpoch: Int64) {
        guard (-62_135_596_800...253_402_300_799).contains(secondsSinceEpoch) else { return nil }
        let day = Int((secondsSinceEpoch >= 0 ? secondsSinceEpoch : secondsSinceEpoch - 86_399) / 86_400)
        let rest = Int(secondsSinceEpoch) - day * 86_400
        // Days are counted in 400-year eras of years that begin in March, so that the leap day is the last.
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hours = rest / 3600
        minutes = rest / 60 % 60
        seconds = rest % 60
    }

    public var secondsSinceEpoch: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468) * 86_400
            + Int64(hours * 3600 + minutes * 60 + seconds)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension CivilTime: CustomStringConvertible {
    /// RFC 3339, such as `2026-11-24T01:52:00Z`.
    public var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(20)
        func write(_ number: Int, _ divisors: [Int], _ end: Unicode.Scalar) {
            for divisor in divisors { text.append(UInt8(ascii: "0") + UInt8(number / divisor % 10)) }
            text.append(UInt8(ascii: end))
        }
        write(year, [1000, 100, 10, 1], "-")
        write(month, [10, 1], "-")
        write(day, [10, 1], "T")
        write(hours, [10, 1], ":")
        write(minutes, [10, 1], ":")
        write(seconds, [10, 1], "Z")
        return String(decoding: text, as: UTF8.self)
    }
}

extension CivilTime {
    /// The second that contains the date; nil outside the years 1 to 9999.
    public init?(_ date: Date) {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        guard abs(seconds) < 1e12 else { return nil }
        self.init(secondsSinceEpoch: Int64(seconds))
    }

    /// The time of the system's clock; the beginning of 1970 if the clock is beyond the year 9999.
    public static func now() -> CivilTime {
        CivilTime(secondsSinceEpoch: Int64(Date().timeIntervalSince1970.rounded(.down))) ?? .epoch
    }

    private static let epoch = CivilTime()

    private init() { (year, month, day, hours, minutes, seconds) = (1970, 1, 1, 0, 0, 0) }
}
