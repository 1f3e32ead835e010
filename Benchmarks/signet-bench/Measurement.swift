internal import Foundation

/// How long operations took that several callers made one after the other, all at once.
enum Measurement {
    /// Runs `operation` on `callers` tasks for `seconds` and prints the throughput, the latencies in
    /// milliseconds, and the processor time of each operation in microseconds: this process's, and its
    /// children's that have ended.
    static func run(
        callers: Int, seconds: Double, _ operation: @escaping @Sendable (_ caller: Int) async throws -> Void,
        finally finish: () async throws -> Void = {}
    ) async throws {
        let cpu = processorSeconds()
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
        try await finish()
        let each = (processorSeconds() - cpu) / Double(latencies.count) * 1e6
        print(
            "{\"operations\": \(latencies.count), \"seconds\": \(elapsed), \"p50\": \(p50), \"p99\": \(p99), \"cpu\": \(each)}"
        )
    }

    private static func processorSeconds() -> Double {
        // getrusage(2): RUSAGE_SELF, RUSAGE_CHILDREN
        ([0, -1] as [Int32]).reduce(0) { sum, who in
            var usage = rusage()
            guard unsafe getrusage(who, &usage) == 0 else { return sum }
            return sum
                + [usage.ru_utime, usage.ru_stime].reduce(0) {
                    $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
                }
        }
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1000 + Double(duration.components.attoseconds) / 1e15
    }
}
