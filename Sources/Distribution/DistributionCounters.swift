internal import Synchronization

/// The responder's counters, as `GET /metrics` shows them (Prometheus text format 0.0.4).
final class DistributionCounters: Sendable {
    enum Counter: String, CaseIterable, Sendable {
        /// OCSP requests that were answered from what is kept.
        case cached
        /// OCSP requests for which the daemon was asked.
        case live
        /// OCSP requests beyond the limits.
        case limited
        case malformed
        case list
        case certificate
    }

    private let counts = Mutex<[Counter: UInt64]>([:])

    func count(_ counter: Counter) { counts.withLock { $0[counter, default: 0] += 1 } }

    func text(_ cache: StatusCache, isDaemonAway: Bool) -> String {
        let counts = counts.withLock { $0 }
        let requests = Counter.allCases.map {
            "signet_responder_requests_total{kind=\"\($0.rawValue)\"} \(counts[$0] ?? 0)\n"
        }
        return """
            # HELP signet_responder_requests_total Requests of relying parties, by what they asked for.
            # TYPE signet_responder_requests_total counter
            \(requests.joined())# HELP signet_responder_responses_kept OCSP responses that are kept.
            # TYPE signet_responder_responses_kept gauge
            signet_responder_responses_kept \(cache.count)
            # HELP signet_responder_daemon_away Whether the last request to the daemon failed.
            # TYPE signet_responder_daemon_away gauge
            signet_responder_daemon_away \(isDaemonAway ? 1 : 0)

            """
    }
}
