import Publication
import Synchronization

/// A directory of published files in memory.
final class PublishedStub: PublishedFiles {
    private struct State {
        var files: [String: [UInt8]]
        var fault: BucketError?
        /// By the keys of the files that cannot be replaced.
        var faults: [String: BucketError] = [:]
    }

    private let state: Mutex<State>

    init(_ files: [String: [UInt8]] = [:]) { state = Mutex(State(files: files)) }

    var files: [String: [UInt8]] { state.withLock { $0.files } }

    /// Makes every replacement fail, or, with nil, succeed again.
    func refuse(with fault: BucketError?) { state.withLock { $0.fault = fault } }

    /// The same for one file.
    func refuse(_ key: String, with fault: BucketError?) { state.withLock { $0.faults[key] = fault } }

    func set(_ key: String, _ octets: [UInt8]?) { state.withLock { $0.files[key] = octets } }

    func contents(_ key: String) async throws(BucketError) -> [UInt8]? { state.withLock { $0.files[key] } }

    func size(_ key: String) async throws(BucketError) -> Int? { state.withLock { $0.files[key]?.count } }

    func replace(_ key: String, with octets: [UInt8]) async throws(BucketError) {
        let fault = state.withLock { state in
            let fault = state.fault ?? state.faults[key]
            if fault == nil { state.files[key] = octets }
            return fault
        }
        if let fault { throw fault }
    }
}
