internal import Foundation

/// How long operations took that several callers made one after the other, all at once.
enum Measurement {
    /// Runs `operation` on `callers` tasks for `seconds` and prints the throughput and the latencies, in
    /// milliseconds.
    static func run(
        callers: Int, seconds: Double, _ operation: @escaping @Sendable (_ caller: Int) async throws -> Void
    ) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + .seconds(seconds)
        var latencies = try await withThrowingTaskGroup(of: [Double].self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var own: [Double] = []
                    var before = clock.now
                    while before < end {
                        try await operation(caller)
                        let after = clock.now
                        own.append(milliseconds(after - before))
                        before = after
                    }
                    return own
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let elapsed = milliseconds(clock.now - start) / 1000
        latencies.sort()
        let p50 = latencies[latencies.count / 2]
        let p99 = latencies[latencies.count * 99 / 100]
        print(
            "{\"operations\": \(latencies.count), \"seconds\": \(elapsed), \"p50\": \(p50), \"p99\": \(p99)}")
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1000 + Double(duration.components.attoseconds) / 1e15
    }
}
