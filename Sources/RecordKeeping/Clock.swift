public import Foundation
public import PKIX

/// The time of day. Tests supply a fixed one.
public struct Clock: Sendable {
    private let time: @Sendable () -> Date

    public init(_ time: @escaping @Sendable () -> Date) { self.time = time }

    /// The operating system's clock.
    public static let system = Clock { Date() }

    public func now() -> Date { time() }

    /// The current time, also in the form that certificates use.
    public func civil() throws(CAError) -> (date: Date, civil: CivilTime) {
        let date = now()
        guard let civil = CivilTime(secondsSinceEpoch: Int64(date.timeIntervalSince1970.rounded(.down)))
        else { throw .requestFailed("the system clock is out of range") }
        return (date, civil)
    }
}
