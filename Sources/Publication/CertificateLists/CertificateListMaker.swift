internal import Audit
internal import Authorization
internal import Crypto
internal import Foundation
internal import Identifiers
internal import JSON
internal import PKIX
internal import RecordKeeping
internal import Revocation
internal import Signing
internal import Storage

/// Makes CRLs: collects the revocations, and has the CRL linted and signed.
struct CertificateListMaker: Sendable {
    let store: any RevocationStore
    let custody: any KeyCustody
    let cycle: SigningCycle
    let naming: ARNNaming
    let clock: Clock

    /// Revocations that are read at once.
    private static let page = 10_000
    /// As AWS Private CA does, so that a relying party whose clock is behind takes a new CRL.
    private static let backdate: TimeInterval = 3600

    /// - Parameters:
    ///   - previous: the newest CRL; nil for none
    ///   - floor: a number that the new one must exceed, besides those that were reserved
    /// - Returns: the DER of the CRL, and the facts about it that were recorded
    func make(
        _ record: CertificateAuthorityRecord, _ source: CertificateListSource,
        after previous: CertificateListRecord?, above floor: Int64, validDays: Int
    ) async throws -> (signed: [UInt8], list: CertificateListRecord) {
        let now = clock.now()
        let (revoked, last) = try await revocations(of: record.id, after: previous, at: now)
        let reserved = try await store.reservedListNumber(of: record.id)
        // AWS Private CA's numbers are the time in milliseconds.
        let number = max(Int64(now.timeIntervalSince1970 * 1000), max(reserved, floor) + 1)
        let thisUpdate = now.addingTimeInterval(-Self.backdate)
        let nextUpdate = now.addingTimeInterval(TimeInterval(validDays) * 86_400)
        guard let thisMoment = CivilTime(thisUpdate), let nextMoment = CivilTime(nextUpdate) else {
            throw CAError.custody(detail: "the clock is outside the years of certificates")
        }
        var list = CertificateListRecord(
            certificateAuthority: record.id, number: number,
            thisUpdate: Date(timeIntervalSince1970: TimeInterval(thisMoment.secondsSinceEpoch)),
            nextUpdate: Date(timeIntervalSince1970: TimeInterval(nextMoment.secondsSinceEpoch)),
            entries: revoked.count, lastRevocation: last, digest: [])
        let linted = try CertificateListBuilder.prepare(
            CertificateListContents(
                number: number, thisUpdate: thisMoment, nextUpdate: nextMoment, revoked: revoked),
            by: source.issuer)
        let key = try await custody.signingKey(source.key, SigningPriority(source: "", isUrgent: true))
        let steps = CertificateListSteps(
            list: list, arn: naming.certificateAuthority(record.id).description, scope: naming.scope)
        let signed = try await cycle.sign(
            linted, with: key, of: naming.certificateAuthority(record.id), requestID: timeOrderedUUID(),
            steps)
        list.digest = Array(SHA256.hash(data: signed))
        return (signed, list)
    }

    /// Seconds that an entry stays after the end of the certificate's validity, besides the next CRL.
    private static let grace: TimeInterval = 86_400

    /// RFC 5280, section 3.3: an entry stays until it was in one CRL that was issued after the end of the
    /// certificate's validity. A CRL from the future, of a clock that was wrong, does not count.
    private func revocations(
        of authority: String, after previous: CertificateListRecord?, at now: Date
    ) async throws(StorageError) -> (RevokedCertificates, last: Int64) {
        let before = previous.map { min($0.thisUpdate.addingTimeInterval(Self.backdate), now) }
        let issued = before.map { $0.addingTimeInterval(-Self.grace) } ?? .distantPast
        var revoked = RevokedCertificates()
        revoked.reserveCapacity(previous?.entries ?? 0)
        var last: Int64 = 0
        while true {
            let page = try await store.revocations(of: authority, after: last, limit: Self.page)
            guard let end = page.last?.place else { return (revoked, last) }
            for entry in page where entry.record.notAfter >= issued {
                guard let time = CivilTime(entry.record.revokedAt) else {
                    throw .corrupt("a revocation of the certificate authority \(authority)")
                }
                revoked.append(
                    entry.record.serialNumber, revokedAt: time, reason: entry.record.reason.listReason)
            }
            last = end
        }
    }
}

/// The changes committed before and after a CRL is signed.
private struct CertificateListSteps: SigningSteps {
    let list: CertificateListRecord
    let arn: String
    let scope: AuditScope

    var claims: [Change] {
        [.reserveListNumber(certificateAuthority: list.certificateAuthority, number: list.number)]
    }

    func changes(signed der: [UInt8], _ intent: SignatureIntent, at time: Date) -> [Change] {
        var list = list
        list.digest = Array(SHA256.hash(data: der))
        let event = AuditEvent.service(
            .generateCRL, scope: scope, time: time,
            details: [
                "certificateAuthorityArn": .string(arn), "intentID": .string(intent.id),
                "crlNumber": .integer(list.number), "entries": .integer(Int64(list.entries)),
                "thisUpdate": .string(Self.text(list.thisUpdate)),
                "nextUpdate": .string(Self.text(list.nextUpdate)),
                "sha256": .string(hexadecimal(list.digest)), "status": "SIGNED",
            ])
        return [.recordCertificateList(list), .append(event)]
    }

    func changes(failed outcome: AuditEvent) -> [Change] { [.append(outcome)] }

    private static func text(_ date: Date) -> String { CivilTime(date).map { "\($0)" } ?? "" }
}
