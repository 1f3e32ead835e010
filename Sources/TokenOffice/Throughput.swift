internal import Glibc
internal import PKCS11
internal import Synchronization
internal import TokenAccess
internal import TokenProtocol

/// Measures the signing rate of a token with a number of sessions.
enum Throughput {
    /// Nil when a session could not be opened or a signature failed.
    static func measure(
        _ key: DoctorKey, _ token: OpenToken, sessions: Int, seconds: Double
    ) -> DoctorReport.Throughput? {
        let results = Mutex((times: [Double](), isBroken: false, left: sessions))
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        for _ in 0..<sessions {
            BlockingThread.start {
                var own: [Double] = []
                var isBroken = false
                do throws(WorkerFailure) {
                    let session = try token.openSession()
                    var before = ContinuousClock.now
                    while before < end, Doctor.interruption == nil {
                        _ = try key.signing.sign(
                            key.input, key.scheme, profile: token.profile, in: session)
                        let after = ContinuousClock.now
                        own.append(milliseconds(after - before))
                        before = after
                    }
                } catch { isBroken = true }
                results.withLock { results in
                    results.times += own
                    results.isBroken = results.isBroken || isBroken
                    results.left -= 1
                }
            }
        }
        while results.withLock({ $0.left > 0 }) { usleep(2000) }
        let elapsed = milliseconds(ContinuousClock.now - start) / 1000
        return results.withLock { results in
            guard !results.isBroken, !results.times.isEmpty else { return nil }
            let times = results.times.sorted()
            return .init(
                sessions: sessions, perSecond: Double(times.count) / elapsed, p50: times[times.count / 2],
                p99: times[times.count * 99 / 100])
        }
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1000 + Double(duration.components.attoseconds) / 1e15
    }
}
