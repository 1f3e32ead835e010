import InMemoryStorage
import Storage
import StorageConformance
import Testing

struct InMemoryStoreTests {
    @Test(arguments: StorageConformance.checks)
    func `the store passes the conformance suite`(_ check: StorageConformance.Check) async throws {
        try await check.run(InMemoryStore())
    }

    @Test func `a store that refuses commits keeps its state`() async throws {
        let store = InMemoryStore()
        try await store.commit([.recordCheckpoint(size: 1, note: "one")])
        store.refuseCommits(with: .unavailable(reason: "full"))
        await #expect(throws: StorageError.self) {
            try await store.commit([.recordCheckpoint(size: 2, note: "two")])
        }
        #expect(try await store.checkpoint(of: nil) == "one")
        store.refuseCommits(with: nil)
        try await store.commit([.recordCheckpoint(size: 2, note: "two")])
        #expect(try await store.checkpoint(of: nil) == "two")
    }
}
