public import PKIX
internal import Synchronization

/// The `Date` of answers, written once a second.
public final class DateHeader: Sendable {
    private let last = Mutex<(time: CivilTime?, text: String)>((nil, ""))

    public init() {}

    public func text(at time: CivilTime) -> String {
        last.withLock { last in
            if last.time != time { last = (time, Self.text(time)) }
            return last.text
        }
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// IMF-fixdate (RFC 9110, section 5.6.7), such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    public static func text(_ time: CivilTime) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        // The first of January 1970 was a Thursday.
        let day = Int(max(0, time.secondsSinceEpoch) / 86_400 + 4) % 7
        return "\(days[day]), \(two(time.day)) \(months[time.month - 1]) \(time.year)"
            + " \(two(time.hours)):\(two(time.minutes)):\(two(time.seconds)) GMT"
    }
}
