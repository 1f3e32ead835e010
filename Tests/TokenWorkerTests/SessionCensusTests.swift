import Synchronization
import Testing
import TokenProtocol

@testable import TokenWorker

struct SessionCensusTests {
    static let full = WorkerFailure(.capacity, "C_OpenSession: CKR_SESSION_COUNT")
    static let broken = WorkerFailure(.device, "C_OpenSession: CKR_DEVICE_ERROR")
    static let ill = WorkerFailure(.fatal, "C_OpenSession: CKR_FIPS_SELF_TEST_FAILED")

    static let outcomes: [([Result<Void, WorkerFailure>], Result<Int, WorkerFailure>)] = [
        ([.success(()), .success(())], .success(2)),
        ([.success(()), .failure(full)], .success(1)),
        ([.failure(full), .success(()), .failure(full)], .success(1)),
        ([.failure(full), .failure(full)], .failure(full)),
        // A session that could not be opened though there is room is no matter of how many there are.
        ([.success(()), .failure(broken)], .failure(broken)),
        ([.failure(ill), .failure(full)], .failure(ill)),
        ([.failure(full), .failure(ill), .success(())], .failure(ill)),
        ([.failure(ill), .failure(broken)], .failure(ill)),
    ]

    @Test(arguments: outcomes)
    func `it tells once, when all have tried, how many have a session or why not`(
        _ tries: [Result<Void, WorkerFailure>], _ expected: Result<Int, WorkerFailure>
    ) {
        let told = Mutex<[Result<Int, WorkerFailure>]>([])
        let census = SessionCensus(expected: tries.count) { outcome in told.withLock { $0.append(outcome) } }
        for outcome in tries {
            #expect(told.withLock { $0 } == [])
            census.note(outcome)
        }
        #expect(told.withLock { $0 } == [expected])
    }
}
