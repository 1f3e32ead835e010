internal import Foundation
internal import PKIX
internal import RecordKeeping
internal import Synchronization

/// Limits the responses that authorities sign with their own keys, because each has an intent and an outcome in
/// the log, and anyone can ask.
///
/// A response about one certificate is given out again until half of its validity is over or the status
/// changes. New signatures have a rate for all authorities together.
final class OwnKeyResponses: Sendable {
    private struct Kept {
        let status: CertificateStatus
        let octets: [UInt8]
        let until: Date
    }

    private struct State {
        var kept: [CertificateID: Kept] = [:]
        var tokens = OwnKeyResponses.burst
        var filledAt = Date.distantPast
    }

    private let clock: Clock
    private let state = Mutex(State())

    /// Signatures a second.
    private static let rate = 5.0
    /// Signatures at once, after a pause.
    private static let burst = 100.0
    private static let mostKept = 100_000

    init(clock: Clock) { self.clock = clock }

    /// The DER of a response that was made before, if the status is still that.
    func response(about certificate: CertificateID, _ status: CertificateStatus) -> [UInt8]? {
        let now = clock.now()
        return state.withLock { state in
            guard let kept = state.kept[certificate], kept.status == status, now < kept.until else {
                return nil
            }
            return kept.octets
        }
    }

    func keep(
        _ octets: [UInt8], about certificate: CertificateID, _ status: CertificateStatus,
        for seconds: TimeInterval
    ) {
        let now = clock.now()
        state.withLock { state in
            if state.kept.count >= Self.mostKept { state.kept = state.kept.filter { now < $0.value.until } }
            guard state.kept.count < Self.mostKept else { return }
            state.kept[certificate] = Kept(status: status, octets: octets, until: now + seconds)
        }
    }

    /// Whether another signature may be made now.
    func take() -> Bool {
        let now = clock.now()
        return state.withLock { state in
            let passed = max(0, min(now.timeIntervalSince(state.filledAt), 3600))
            state.tokens = min(Self.burst, state.tokens + passed * Self.rate)
            state.filledAt = now
            guard state.tokens >= 1 else { return false }
            state.tokens -= 1
            return true
        }
    }
}
