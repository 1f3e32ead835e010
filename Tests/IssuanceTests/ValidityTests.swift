import Issuance
import PKIX
import Testing

struct ValidityTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let value: Int64
        let unit: Validity.Unit
        let end: String?
        var testDescription: String { "\(value) \(unit.rawValue)" }
    }

    // Issued at 2024-01-31T10:20:30Z.
    static let cases = [
        Case(value: 1, unit: .days, end: "2024-02-01T10:20:30Z"),
        Case(value: 30, unit: .days, end: "2024-03-01T10:20:30Z"),
        Case(value: 0, unit: .days, end: nil),
        Case(value: -5, unit: .days, end: nil),
        Case(value: .max, unit: .days, end: nil),
        Case(value: 3_000_000, unit: .days, end: nil),
        Case(value: 2_524_608_000, unit: .absolute, end: "2050-01-01T00:00:00Z"),
        Case(value: 253_402_300_799, unit: .absolute, end: "9999-12-31T23:59:59Z"),
        Case(value: 253_402_300_800, unit: .absolute, end: nil),
        Case(value: 491_231_235_959, unit: .endDate, end: "2049-12-31T23:59:59Z"),
        Case(value: 20_491_231_235_959, unit: .endDate, end: "2049-12-31T23:59:59Z"),
        Case(value: 501_231_235_959, unit: .endDate, end: "1950-12-31T23:59:59Z"),
        Case(value: 20_770_101_000_000, unit: .endDate, end: "2077-01-01T00:00:00Z"),
        // 05-03-04 05:06:07: the leading zero of the year is not in the number.
        Case(value: 50_304_050_607, unit: .endDate, end: "2005-03-04T05:06:07Z"),
        Case(value: 491_331_235_959, unit: .endDate, end: nil),
        Case(value: 490_229_000_000, unit: .endDate, end: nil),
        Case(value: 2_049_123_123_595, unit: .endDate, end: nil),
        Case(value: 200_491_231_235_959, unit: .endDate, end: nil),
        Case(value: 1, unit: .months, end: "2024-02-29T10:20:30Z"),
        Case(value: 13, unit: .months, end: "2025-02-28T10:20:30Z"),
        Case(value: 12, unit: .months, end: "2025-01-31T10:20:30Z"),
        Case(value: 10, unit: .years, end: "2034-01-31T10:20:30Z"),
        Case(value: 7975, unit: .years, end: "9999-01-31T10:20:30Z"),
        Case(value: 7976, unit: .years, end: nil),
        Case(value: .max, unit: .years, end: nil),
        Case(value: .max, unit: .months, end: nil),
        Case(value: .max, unit: .endDate, end: nil),
    ]

    @Test(arguments: cases)
    func `the end follows the API's definition`(_ entry: Case) throws {
        let now = try #require(
            CivilTime(year: 2024, month: 1, day: 31, hours: 10, minutes: 20, seconds: 30))
        #expect(Validity(value: entry.value, unit: entry.unit).end(from: now)?.description == entry.end)
    }
}
