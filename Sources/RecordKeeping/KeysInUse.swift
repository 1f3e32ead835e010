public import Storage
internal import Synchronization

/// The public keys of authorities and of the log, by their SubjectPublicKeyInfo. An authority keeps its key
/// for ever, so that keys only come to it.
public final class KeysInUse: Sendable {
    private struct State {
        var owners: [[UInt8]: String] = [:]
        var isComplete = false
    }

    private let state = Mutex(State())

    public var isComplete: Bool { state.withLock { $0.isComplete } }

    public func owner(of key: [UInt8]) -> String? { state.withLock { $0.owners[key] } }

    /// To be called before `changes` are committed: a request that is judged meanwhile finds the key.
    func announce(_ changes: [Change], _ naming: ARNNaming) {
        for change in changes {
            switch change {
            case .insertCertificateAuthority(let record), .updateCertificateAuthority(let record):
                guard let key = record.subjectPublicKeyInfo else { continue }
                state.withLock { $0.owners[key] = Self.owner(naming, record) }
            default: continue
            }
        }
    }

    /// Keys that came meanwhile stay.
    public func complete(with owners: [[UInt8]: String]) {
        state.withLock { state in
            state.owners.merge(owners) { known, _ in known }
            state.isComplete = true
        }
    }

    public static func owner(
        _ naming: ARNNaming, _ record: CertificateAuthorityRecord
    ) -> String { "the certificate authority \(naming.certificateAuthority(record.id))" }
}
