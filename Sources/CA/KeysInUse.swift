internal import Issuance
internal import Storage
internal import Synchronization

extension CertificateAuthorities {
    /// Refuses an end entity that has the key of an authority of this daemon, or of its log: a certificate without CA:TRUE
    /// for such a key would have signatures that mean two things. Denies when the authorities cannot be read.
    func checkKeyIsFree(_ request: IssuanceRequest) async throws(CAError) {
        guard let template = try? request.template.get(), template.role == .endEntity,
            let key = request.subjectPublicKeyInfo
        else { return }
        if !keysInUse.isComplete { try await readKeys() }
        if let owner = keysInUse.owner(of: key) {
            throw .issuance(.keyInUse(owner: owner, template: template.name))
        }
    }

    private func readKeys() async throws(CAError) {
        var owners: [[UInt8]: String] = [:]
        do throws(StorageError) {
            if let key = try await store.logKey() {
                owners[key.subjectPublicKeyInfo] = "the log of this daemon"
            }
            var after: String?
            repeat {
                let page = try await store.certificateAuthorities(after: after, limit: 100)
                for record in page {
                    guard let key = record.subjectPublicKeyInfo else { continue }
                    owners[key] = KeysInUse.owner(naming, record)
                }
                after = page.last?.id
            } while after != nil
        } catch { throw .storage(error) }
        keysInUse.complete(with: owners)
    }
}

/// The public keys of authorities and of the log, by their SubjectPublicKeyInfo. An authority keeps its key for ever, so
/// that keys only come to it.
final class KeysInUse: Sendable {
    private struct State {
        var owners: [[UInt8]: String] = [:]
        var isComplete = false
    }

    private let state = Mutex(State())

    var isComplete: Bool { state.withLock { $0.isComplete } }

    func owner(of key: [UInt8]) -> String? { state.withLock { $0.owners[key] } }

    /// To be called before `changes` are committed: a request that is judged meanwhile finds the key.
    func announce(_ changes: [Change], _ naming: CertificateAuthorities.Naming) {
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
    func complete(with owners: [[UInt8]: String]) {
        state.withLock { state in
            state.owners.merge(owners) { known, _ in known }
            state.isComplete = true
        }
    }

    fileprivate static func owner(
        _ naming: CertificateAuthorities.Naming, _ record: CertificateAuthorityRecord
    ) -> String { "the certificate authority \(naming.certificateAuthority(record.id))" }
}
