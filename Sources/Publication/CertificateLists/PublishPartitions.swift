internal import Authorities
internal import Crypto
internal import Foundation
internal import PKIX
internal import RecordKeeping
internal import Revocation
internal import Storage

/// Makes and publishes the CRLs of an authority's partitions. The complete CRL is published before them: after a
/// restore it has every revocation that they have.
actor PublishPartitions {
    let store: any RevocationStore
    let maker: CertificateListMaker
    let writer: CertificateListWriter
    let clock: Clock

    /// CRLs that are signed and not written yet, by authority and index.
    private var unwritten: [String: [Int: CertificateListMaker.Made]] = [:]
    /// The authorities whose files were compared with the store after the start.
    private var compared: Set<String> = []

    init(
        store: any RevocationStore, maker: CertificateListMaker, writer: CertificateListWriter, clock: Clock
    ) {
        self.store = store
        self.maker = maker
        self.writer = writer
        self.clock = clock
    }

    /// Publishes the CRLs of partitions that are due.
    /// - Returns: when the next one is; nil for an authority whose CRL is not divided
    func callAsFunction(
        _ record: CertificateAuthorityRecord, _ source: CertificateListSource, validDays: Int
    ) async throws -> Date? {
        guard let partitions = record.revocation.partitions else { return nil }
        for made in (unwritten[record.id] ?? [:]).sorted(by: { $0.key < $1.key }).map(\.value) {
            try await write(made, of: record)
        }
        var known: [Int: CertificateListRecord] = [:]
        for list in try await store.partitionLists(of: record.id) {
            if let index = list.partition?.index { known[index] = list }
        }
        var (due, floor) = (try await outdated(record, partitions, known), Int64(0))
        if !compared.contains(record.id) {
            let changed = try await changedFiles(record, source, partitions, known)
            due.formUnion(changed.indices)
            floor = changed.floor
        }
        if !due.isEmpty {
            var collection = RevocationCollection(
                divisor: partitions.count,
                previous: Dictionary(uniqueKeysWithValues: due.map { ($0, known[$0]) }), at: clock.now())
            try await maker.collect(record.id, into: &collection)
            for index in due.sorted() {
                try Task.checkCancellation()
                let made = try await maker.make(
                    record, source, collection.lists[index] ?? RevokedCertificates(), upTo: collection.last,
                    of: .init(index: index, urls: partitions.urls(of: index)), above: floor,
                    validDays: validDays)
                unwritten[record.id, default: [:]][index] = made
                known[index] = made.list
                try await write(made, of: record)
            }
        }
        compared.insert(record.id)
        return known.values.map(\.halfOfLife).min()
    }

    private func write(
        _ made: CertificateListMaker.Made, of record: CertificateAuthorityRecord
    ) async throws(BucketError) {
        try await writer.write(made, of: record)
        if let index = made.list.partition?.index { unwritten[record.id]?[index] = nil }
    }

    /// The partitions without a CRL that is up to date.
    private func outdated(
        _ record: CertificateAuthorityRecord, _ partitions: RevocationConfiguration.Partitions,
        _ known: [Int: CertificateListRecord]
    ) async throws(StorageError) -> Set<Int> {
        let now = clock.now()
        var due = Set(
            (0..<partitions.count).filter { index in
                guard let list = known[index] else { return true }
                // One from the future was made while the clock was wrong, and relying parties refuse it.
                return now >= list.halfOfLife || list.thisUpdate > now
                    || list.partition?.urls != partitions.urls(of: index)
            })
        var place = known.values.map(\.lastRevocation).min() ?? 0
        while true {
            let page = try await store.revocations(of: record.id, after: place, limit: 10_000)
            guard let last = page.last?.place else { return due }
            for entry in page {
                let index = ListPartition.index(
                    ofSerialNumber: entry.record.serialNumber, of: partitions.count)
                if entry.place > known[index]?.lastRevocation ?? 0 { due.insert(index) }
            }
            place = last
        }
    }

    /// The partitions whose files are not the recorded CRLs, as after a restore, and the highest number of those
    /// files.
    private func changedFiles(
        _ record: CertificateAuthorityRecord, _ source: CertificateListSource,
        _ partitions: RevocationConfiguration.Partitions, _ known: [Int: CertificateListRecord]
    ) async throws(BucketError) -> (indices: Set<Int>, floor: Int64) {
        var (indices, floor): (Set<Int>, Int64) = ([], 0)
        for index in 0..<partitions.count {
            let file = try await writer.places.files.contents(
                CertificateListWriter.path(of: record.id, partition: index))
            guard let file, Array(SHA256.hash(data: file)) == known[index]?.digest else {
                indices.insert(index)
                if let file, let list = try? CertificateList(derEncoded: file),
                    list.isSigned(by: source.issuer.publicKey), let number = list.smallNumber
                {
                    floor = max(floor, number)
                }
                continue
            }
        }
        return (indices, floor)
    }
}

extension CertificateList {
    /// The CRL number, if it leaves room for greater ones. RFC 5280, section 5.2.3, permits 20 octets.
    var smallNumber: Int64? {
        let octets = number ?? []
        let value = octets.count <= 8 ? octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } : .max
        return value < UInt64(Int64.max) / 2 ? Int64(value) : nil
    }
}
