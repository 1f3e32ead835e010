internal import Issuance
internal import RecordKeeping
internal import Storage

/// Finds the owners of keys that may not be in end-entity certificates.
struct KeyOwners: Sendable {
    let store: any AuthorityStore & AuditLogStore & RevocationStore
    let keysInUse: KeysInUse
    let naming: ARNNaming

    /// Refuses an end-entity certificate for the key of an authority of this daemon, of its responder, or of the log: with such
    /// a certificate, the key's signatures would have two meanings. Refuses the request when the authorities
    /// cannot be read.
    func checkIsFree(_ request: IssuanceRequest) async throws(CAError) {
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
                owners[key.subjectPublicKeyInfo] = KeysInUse.log
            }
            for responder in try await store.responders() {
                owners[responder.subjectPublicKeyInfo] = KeysInUse.responder(
                    naming, of: responder.certificateAuthority)
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
