import Foundation
import PKIX
import TestSupport
import Testing

struct CivilTimeTests {
    struct Moment: Sendable, CustomTestStringConvertible {
        let seconds: Int64
        let text: String
        var testDescription: String { text }
    }

    // Verified with `date -u -d @seconds`.
    static let moments = [
        Moment(seconds: 0, text: "1970-01-01T00:00:00Z"),
        Moment(seconds: -1, text: "1969-12-31T23:59:59Z"),
        Moment(seconds: 951_827_696, text: "2000-02-29T12:34:56Z"),
        Moment(seconds: 2_524_607_999, text: "2049-12-31T23:59:59Z"),
        Moment(seconds: 2_524_608_000, text: "2050-01-01T00:00:00Z"),
        Moment(seconds: 4_107_542_400, text: "2100-03-01T00:00:00Z"),
        Moment(seconds: 253_402_300_799, text: "9999-12-31T23:59:59Z"),
        Moment(seconds: -62_135_596_800, text: "0001-01-01T00:00:00Z"),
    ]

    @Test(arguments: moments)
    func `seconds and calendar dates convert both ways`(_ moment: Moment) throws {
        let time = try #require(CivilTime(secondsSinceEpoch: moment.seconds))
        #expect(time.description == moment.text)
        #expect(time.secondsSinceEpoch == moment.seconds)
    }

    @Test func `the calendar agrees with date(1)`() throws {
        for _ in 0..<20 {
            let seconds = Int64.random(in: -62_135_596_800...253_402_300_799)
            let text = try Command.output("date", ["-u", "-d", "@\(seconds)", "+%Y-%m-%dT%H:%M:%SZ"])
            #expect(
                CivilTime(secondsSinceEpoch: seconds)?.description == text.trimmingCharacters(in: .newlines))
        }
    }

    @Test func `nonexistent dates are refused`() {
        #expect(CivilTime(year: 2023, month: 2, day: 29, hours: 0, minutes: 0, seconds: 0) == nil)
        #expect(CivilTime(year: 1900, month: 2, day: 29, hours: 0, minutes: 0, seconds: 0) == nil)
        #expect(CivilTime(year: 2024, month: 13, day: 1, hours: 0, minutes: 0, seconds: 0) == nil)
        #expect(CivilTime(year: 2024, month: 4, day: 31, hours: 0, minutes: 0, seconds: 0) == nil)
        #expect(CivilTime(year: 2024, month: 1, day: 1, hours: 24, minutes: 0, seconds: 0) == nil)
        #expect(CivilTime(secondsSinceEpoch: 253_402_300_800) == nil)
    }
}
