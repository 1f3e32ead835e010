internal import Foundation
internal import PKIX
internal import Revocation
internal import Storage

/// The entries of CRLs that are due: of the complete CRL, or of some partitions.
struct RevocationCollection {
    /// By the indices of the partitions.
    private(set) var lists: [Int: RevokedCertificates] = [:]
    /// The place of the last revocation that was read; 0 for none.
    private(set) var last: Int64 = 0
    private let divisor: Int
    /// Entries of certificates that ended before this time are left out.
    private let ends: [Int: Date]

    /// Seconds that an entry stays after the end of the certificate's validity, besides the next CRL.
    private static let grace: TimeInterval = 86_400

    /// - Parameters:
    ///   - divisor: the number of partitions; 1 for the complete CRL
    ///   - previous: the CRLs that are collected for, by their indices, with the newest one of each
    init(divisor: Int, previous: [Int: CertificateListRecord?], at now: Date) {
        self.divisor = divisor
        // RFC 5280, section 3.3: an entry stays until it was in one CRL that was issued after the end of the
        // certificate's validity. A CRL from the future, of a clock that was wrong, does not count.
        ends = previous.mapValues { list in
            list.map { min($0.thisUpdate.addingTimeInterval(CertificateListMaker.backdate), now) }
                .map { $0.addingTimeInterval(-Self.grace) } ?? .distantPast
        }
        for (index, list) in previous {
            var revoked = RevokedCertificates()
            revoked.reserveCapacity(list?.entries ?? 0)
            lists[index] = revoked
        }
    }

    mutating func add(_ page: [PlacedRevocation]) throws(StorageError) {
        for entry in page {
            let record = entry.record
            let index = ListPartition.index(ofSerialNumber: record.serialNumber, of: divisor)
            guard let end = ends[index], record.notAfter >= end else { continue }
            guard let time = CivilTime(record.revokedAt) else {
                throw .corrupt("a revocation of the certificate authority \(record.certificateAuthority)")
            }
            lists[index]?.append(record.serialNumber, revokedAt: time, reason: record.reason.listReason)
        }
        last = page.last?.place ?? last
    }
}
