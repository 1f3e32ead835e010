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
    static let backdate: TimeInterval = 3600

    /// A signed CRL.
    struct Made: Sendable {
        /// DER
        let signed: [UInt8]
        /// The facts about it that were recorded.
        let list: CertificateListRecord
    }

    /// Makes the complete CRL.
    /// - Parameters:
    ///   - previous: the newest CRL; nil for none
    ///   - floor: a number that the new one must exceed, besides those that were reserved
    func make(
        _ record: CertificateAuthorityRecord, _ source: CertificateListSource,
        after previous: CertificateListRecord?, above floor: Int64, validDays: Int
    ) async throws -> Made {
        var collection = RevocationCollection(divisor: 1, previous: [0: previous], at: clock.now())
        try await collect(record.id, into: &collection)
        return try await make(
            record, source, collection.lists[0] ?? RevokedCertificates(), upTo: collection.last, of: nil,
            above: floor, validDays: validDays)
    }

    /// Makes a CRL of revocations that were collected.
    /// - Parameter partition: nil for the complete CRL
    func make(
        _ record: CertificateAuthorityRecord, _ source: CertificateListSource,
        _ revoked: RevokedCertificates, upTo last: Int64, of partition: CertificateListRecord.Partition?,
        above floor: Int64, validDays: Int
    ) async throws -> Made {
        let now = clock.now()
        let reserved = try await store.reservedListNumber(of: record.id)
        // AWS Private CA's numbers are the time in milliseconds.
        let number = max(Int64(now.timeIntervalSince1970 * 1000), max(reserved, floor) + 1)
        let thisUpdate = now.addingTimeInterval(-Self.backdate)
        let nextUpdate = now.addingTimeInterval(TimeInterval(validDays) * 86_400)
        guard let thisMoment = CivilTime(thisUpdate), let nextMoment = CivilTime(nextUpdate) else {
            throw CAError.custody(detail: "the clock is outside the years of certificates")
        }
        var list = CertificateListRecord(
            certificateAuthority: record.id, partition: partition, number: number,
            thisUpdate: Date(timeIntervalSince1970: TimeInterval(thisMoment.secondsSinceEpoch)),
            nextUpdate: Date(timeIntervalSince1970: TimeInterval(nextMoment.secondsSinceEpoch)),
            entries: revoked.count, lastRevocation: last, digest: [])
        let linted = try CertificateListBuilder.prepare(
            CertificateListContents(
                number: number, thisUpdate: thisMoment, nextUpdate: nextMoment, revoked: revoked,
                distributionPoint: partition?.urls ?? []),
            by: source.issuer)
        let key = try await custody.signingKey(source.key, SigningPriority(source: "", isUrgent: true))
        let steps = CertificateListSteps(
            list: list, arn: naming.certificateAuthority(record.id).description, scope: naming.scope)
        let signed = try await cycle.sign(
            linted, with: key, of: naming.certificateAuthority(record.id), requestID: timeOrderedUUID(),
            steps)
        list.digest = Array(SHA256.hash(data: signed))
        return Made(signed: signed, list: list)
    }

    /// Reads every revocation of an authority once.
    func collect(
        _ authority: String, into collection: inout RevocationCollection
    ) async throws(StorageError) {
        while true {
            let page = try await store.revocations(of: authority, after: collection.last, limit: Self.page)
            guard !page.isEmpty else { return }
            try collection.add(page)
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
        var details: JSONObject = [
            "certificateAuthorityArn": .string(arn), "intentID": .string(intent.id),
            "crlNumber": .integer(list.number), "entries": .integer(Int64(list.entries)),
            "thisUpdate": .string(Self.text(list.thisUpdate)),
            "nextUpdate": .string(Self.text(list.nextUpdate)),
            "sha256": .string(hexadecimal(list.digest)), "status": "SIGNED",
        ]
        if let partition = list.partition { details["partition"] = .integer(Int64(partition.index)) }
        let event = AuditEvent.service(.generateCRL, scope: scope, time: time, details: details)
        return [.recordCertificateList(list), .append(event)]
    }

    func changes(failed outcome: AuditEvent) -> [Change] { [.append(outcome)] }

    private static func text(_ date: Date) -> String { CivilTime(date).map { "\($0)" } ?? "" }
}
