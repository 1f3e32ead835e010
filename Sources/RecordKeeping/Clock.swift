public import Foundation
public import PKIX

/// The time of day. Tests give another.
public struct Clock: Sendable {
    private let time: @Sendable () -> Date

    public init(_ time: @escaping @Sendable () -> Date) { self.time = time }

    /// The operating system's clock.
    public static let system = Clock { Date() }

    public func now() -> Date { time() }

    /// The same moment as certificates have it.
    public func civil() throws(CAError) -> (date: Date, civil: CivilTime) {
        let date = now()
        guard let civil = CivilTime(secondsSinceEpoch: Int64(date.timeIntervalSince1970.rounded(.down)))
        else { throw .requestFailed("the system clock is out of range") }
        return (date, civil)
    }
}
