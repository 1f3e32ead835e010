public import Storage
internal import Synchronization

/// The public keys of authorities, of their OCSP responders and of the log, by their SubjectPublicKeyInfo. None of them ever
/// changes, so keys are only added.
public final class KeysInUse: Sendable {
    private struct State {
        var owners: [[UInt8]: String] = [:]
        var isComplete = false
    }

    private let state = Mutex(State())

    public var isComplete: Bool { state.withLock { $0.isComplete } }

    public func owner(of key: [UInt8]) -> String? { state.withLock { $0.owners[key] } }

    /// Adds the keys of `changes`. Call it before they are committed, so that a concurrent request finds the
    /// key.
    func announce(_ changes: [Change], _ naming: ARNNaming) {
        for change in changes {
            switch change {
            case .insertCertificateAuthority(let record), .updateCertificateAuthority(let record):
                guard let key = record.subjectPublicKeyInfo else { continue }
                state.withLock { $0.owners[key] = Self.owner(naming, record) }
            case .recordResponder(let record):
                state.withLock {
                    $0.owners[record.subjectPublicKeyInfo] = Self.responder(
                        naming, of: record.certificateAuthority)
                }
            default: continue
            }
        }
    }

    /// Adds the key that the log will have.
    public func reserveForLog(_ key: [UInt8]) { state.withLock { $0.owners[key] = Self.log } }

    /// Adds the stored keys. Keys added meanwhile stay.
    public func complete(with owners: [[UInt8]: String]) {
        state.withLock { state in
            state.owners.merge(owners) { known, _ in known }
            state.isComplete = true
        }
    }

    public static let log = "the log of this daemon"

    public static func responder(_ naming: ARNNaming, of authority: String) -> String {
        "the OCSP responder of the certificate authority \(naming.certificateAuthority(authority))"
    }

    public static func owner(
        _ naming: ARNNaming, _ record: CertificateAuthorityRecord
    ) -> String { "the certificate authority \(naming.certificateAuthority(record.id))" }
}
