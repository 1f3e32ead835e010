public import Foundation
internal import RecordKeeping

/// Records the ends of batches of OCSP responses.
public struct EndStatusBatches: Sendable {
    let responders: Responders
    let clock: Clock

    /// Seconds between looks while no batch is open. A batch lasts that long at least.
    private static let pause: TimeInterval = 30

    /// Ends the batches whose time is over.
    /// - Returns: when to look again
    public func callAsFunction() async -> Date {
        min(await responders.endBatches(), clock.now().addingTimeInterval(Self.pause))
    }

    /// Ends every batch, when the daemon stops.
    public func all() async { await responders.endAll() }
}
