internal import Audit
internal import Authorization
internal import Foundation
internal import Identifiers
internal import JSON
internal import PKIX
internal import RecordKeeping
internal import Revocation
internal import Storage

/// Takes the revocations of a published CRL that the store lacks, as after the restore of an older database.
struct RestoredRevocations: Sendable {
    let store: any CertificateStore & RevocationStore
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock

    private static let batch = 200

    /// - Returns: the number of the published CRL
    /// - Throws: when the file is not a CRL of the authority; then no CRL may be signed, because the file
    ///   could have had revocations that nothing else has
    func take(
        from file: [UInt8], at path: String, of record: CertificateAuthorityRecord,
        _ source: CertificateListSource
    ) async throws -> Int64 {
        let list: CertificateList
        do { list = try CertificateList(derEncoded: file) } catch {
            throw PublishedListFault(path: path, reason: "it is not read: \(error)")
        }
        guard list.isSigned(by: source.issuer.publicKey), list.issuer.elementsEqual(source.issuer.name) else {
            throw PublishedListFault(path: path, reason: "it is not signed by the authority")
        }
        // A number that leaves no room for greater ones ends the authority's CRLs.
        guard let number = list.smallNumber else {
            throw PublishedListFault(path: path, reason: "its number is too large")
        }
        var known = try await serialNumbers(of: record.id)
        var missing: [CertificateList.Entry] = []
        list.forEachEntry { entry in
            if known.insert(Array(entry.serialNumber)).inserted { missing.append(entry) }
        }
        var changes: [Change] = []
        for entry in missing {
            let revocation = try await revocation(entry, of: record, source)
            changes += [.revoke(revocation), .append(event(revocation, list))]
            if changes.count >= Self.batch {
                try await recorder.commit(changes)
                changes = []
            }
        }
        if !changes.isEmpty { try await recorder.commit(changes) }
        return number
    }

    private func serialNumbers(of authority: String) async throws(StorageError) -> Set<[UInt8]> {
        var known: Set<[UInt8]> = []
        var after: Int64 = 0
        while true {
            let page = try await store.revocations(of: authority, after: after, limit: 10_000)
            guard let last = page.last else { return known }
            for entry in page { known.insert(entry.record.serialNumber) }
            after = last.place
        }
    }

    private func revocation(
        _ entry: CertificateList.Entry, of record: CertificateAuthorityRecord,
        _ source: CertificateListSource
    ) async throws(StorageError) -> RevocationRecord {
        let certificate = try await store.certificate(
            serialNumber: CertificateRecord.text(ofSerialNumber: entry.serialNumber))
        let imported =
            certificate != nil
            ? nil
            : try await store.importedCertificate(
                serialNumber: Array(entry.serialNumber), of: record.id)
        return RevocationRecord(
            certificateAuthority: record.id, serialNumber: Array(entry.serialNumber),
            revokedAt: Date(timeIntervalSince1970: TimeInterval(entry.revocationDate.secondsSinceEpoch)),
            reason: RevocationRecord.Reason(listReason: entry.reason),
            // The store may lack the certificate too. None ends after its authority's.
            notAfter: certificate?.notAfter ?? imported?.notAfter ?? source.notAfter)
    }

    private func event(_ revocation: RevocationRecord, _ list: CertificateList) -> AuditEvent {
        .service(
            .revocationRestored, scope: naming.scope, time: clock.now(),
            details: [
                "certificateAuthorityArn": .string(
                    naming.certificateAuthority(revocation.certificateAuthority).description),
                "serialNumber": .string(hexadecimal(revocation.serialNumber)),
                "revocationReason": .string(revocation.reason.rawValue),
            ])
    }
}

/// A published CRL that is not the authority's.
struct PublishedListFault: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String {
        "the published CRL `\(path)` cannot be used: \(reason); put the last good CRL in its place; if the authority has never published one, remove the file"
    }
}
