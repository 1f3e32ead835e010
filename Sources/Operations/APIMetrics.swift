internal import Synchronization

/// The daemon's counters, as `GET /metrics` shows them (Prometheus text format 0.0.4).
final class APIMetrics: Sendable {
    enum Counter: String, CaseIterable, Sendable {
        case succeeded = #"signet_requests_total{outcome="succeeded"}"#
        case denied = #"signet_requests_total{outcome="denied"}"#
        case failed = #"signet_requests_total{outcome="failed"}"#
        case throttled = #"signet_requests_total{outcome="throttled"}"#
        case status = "signet_ocsp_responses_total"
        case undecidable = "signet_policy_evaluation_failures_total"
        case reloaded = #"signet_policy_reloads_total{outcome="succeeded"}"#
        case reloadFailed = #"signet_policy_reloads_total{outcome="failed"}"#
        case unrecordedRead = #"signet_unrecorded_requests_total{outcome="answered"}"#
        case unrecordedRefusal = #"signet_unrecorded_requests_total{outcome="refused"}"#
    }

    private static let help = [
        ("signet_requests_total", "Requests, by what came of them."),
        ("signet_ocsp_responses_total", "OCSP requests that were answered, with a status or without."),
        (
            "signet_policy_evaluation_failures_total",
            "Requests denied because the decision could not be made."
        ),
        ("signet_policy_reloads_total", "Times the policies were read anew."),
        ("signet_unrecorded_requests_total", "Requests the audit log does not have."),
    ]

    private let counts = Mutex<[Counter: UInt64]>([:])

    func count(_ counter: Counter) { counts.withLock { $0[counter, default: 0] += 1 } }

    var text: String {
        let counts = counts.withLock { $0 }
        return Self.help.map { name, help in
            (["# HELP \(name) \(help)", "# TYPE \(name) counter"]
                + Counter.allCases.filter { $0.rawValue.hasPrefix(name) }
                .map { "\($0.rawValue) \(counts[$0] ?? 0)" }).joined(separator: "\n") + "\n"
        }.joined()
    }
}
