/// Runs asynchronous work one after the other, in the order it came.
actor SerialQueue {
    private var last: Task<Void, Never>?

    /// - Returns: the result of the work, after it and all earlier work have ended
    func run<Output: ~Copyable & Sendable>(
        _ work: @escaping @Sendable () async throws -> Output
    ) async throws -> Output {
        let before = last
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        last = Task { for await _ in ended {} }
        await before?.value
        defer { end.finish() }
        return try await work()
    }
}
