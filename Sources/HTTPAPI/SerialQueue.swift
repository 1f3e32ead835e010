/// Runs asynchronous work one after the other, in the order it came.
actor SerialQueue {
    private var last: Task<Void, Never>?

    /// - Returns: when this work has ended, and all before it
    func run(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let before = last
        let task = Task {
            await before?.value
            return await Result { try await work() }
        }
        last = Task { _ = await task.value }
        try await task.value.get()
    }
}

extension Result where Success == Void, Failure == any Error {
    fileprivate init(_ work: () async throws -> Void) async {
        do {
            try await work()
            self = .success(())
        } catch { self = .failure(error) }
    }
}
