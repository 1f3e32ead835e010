import Publication
import Synchronization

/// A directory of published files in memory.
final class PublishedStub: PublishedFiles {
    private struct State {
        var files: [String: [UInt8]]
        var fault: BucketError?
    }

    private let state: Mutex<State>

    init(_ files: [String: [UInt8]] = [:]) { state = Mutex(State(files: files)) }

    var files: [String: [UInt8]] { state.withLock { $0.files } }

    /// Makes every replacement fail, or, with nil, succeed again.
    func refuse(with fault: BucketError?) { state.withLock { $0.fault = fault } }

    func set(_ key: String, _ octets: [UInt8]?) { state.withLock { $0.files[key] = octets } }

    func contents(_ key: String) async throws(BucketError) -> [UInt8]? { state.withLock { $0.files[key] } }

    func size(_ key: String) async throws(BucketError) -> Int? { state.withLock { $0.files[key]?.count } }

    func replace(_ key: String, with octets: [UInt8]) async throws(BucketError) {
        let fault = state.withLock { state in
            if state.fault == nil { state.files[key] = octets }
            return state.fault
        }
        if let fault { throw fault }
    }
}
