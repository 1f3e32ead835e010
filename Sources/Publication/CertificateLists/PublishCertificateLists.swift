internal import Audit
public import Authorities
internal import Authorization
internal import Crypto
public import Foundation
internal import JSON
internal import Logging
internal import PKIX
internal import RecordKeeping
internal import Revocation
internal import Signing
internal import Storage

/// Makes and publishes the CRL of each authority: after its activation, after each revocation, and at half of
/// the validity of the newest one.
public actor PublishCertificateLists {
    let store: any AuthorityStore & CertificateStore & RevocationStore
    let maker: CertificateListMaker
    let places: CertificateListPlaces?
    let settings: RevocationSettings
    /// The authorities that need a CRL at once.
    public nonisolated let dueLists: DueAuthorities
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let logger: Logger

    /// When the next CRL of an authority is due. Nil until every authority was looked at.
    private var due: [String: Date]?
    let compared: ComparedLists
    let imported: ImportedLists
    /// The certificates of authorities that are known to be published.
    private var publishedCertificates: [String: [UInt8]] = [:]
    /// The authorities whose last attempt failed, which is recorded once.
    private var failing: Set<String> = []

    /// CRLs that are signed and not written yet, by authority.
    private var unwritten: [String: CertificateListMaker.Made] = [:]
    /// The authorities that need a CRL even if the newest one is up to date, until it is made.
    private var asked: Set<String> = []
    private let partitions: PublishPartitions?

    /// Seconds between attempts after a failure.
    private static let pause: TimeInterval = 15
    /// Seconds until an authority is looked at again, at most.
    private static let longestWait: TimeInterval = 3600

    init(
        store: any AuthorityStore & CertificateStore & RevocationStore, maker: CertificateListMaker,
        places: CertificateListPlaces?, settings: RevocationSettings, dueLists: DueAuthorities,
        compared: ComparedLists, recorder: Recorder, naming: ARNNaming, clock: Clock, logger: Logger
    ) {
        self.compared = compared
        imported = ImportedLists(
            store: store, recorder: recorder, naming: naming, clock: clock, logger: logger)
        partitions = places.map {
            PublishPartitions(
                store: store, maker: maker, writer: CertificateListWriter(places: $0), clock: clock)
        }
        self.store = store
        self.maker = maker
        self.places = places
        self.settings = settings
        self.dueLists = dueLists
        self.recorder = recorder
        self.naming = naming
        self.clock = clock
        self.logger = logger
    }

    /// How many authorities lack a CRL that is due; nil for none.
    public var problem: String? {
        let unpublished =
            failing.isEmpty
            ? nil
            : "\(failing.count) CRLs could not be published; the events CRLNotPublished have the reasons"
        let problems = [unpublished, imported.problem].compactMap(\.self)
        return problems.isEmpty ? nil : problems.joined(separator: "; ")
    }

    /// Publishes every CRL that is due. The first call looks at every authority.
    /// - Returns: when the next one is due
    /// - Throws: when the store cannot be read
    public func callAsFunction() async throws -> Date {
        guard let places else { return .distantFuture }
        let new = dueLists.take()
        asked.formUnion(new)
        let now = clock.now()
        do {
            var known: [String: Date]
            if let due { known = due } else { known = try await allAuthorities() }
            for id in new { known[id] = now }
            due = known
            for id in known.filter({ Self.isDue($0.value, at: now) }).keys.sorted() where !Task.isCancelled {
                due?[id] = await next(id, places)
            }
        } catch {
            // The scheduler runs the job again after a pause.
            dueLists.putBack(new)
            throw error
        }
        try await imported.look()
        // The clock can be set: everything is looked at again within the hour.
        return min(due?.values.min() ?? .distantFuture, now.addingTimeInterval(Self.longestWait))
    }

    /// A time beyond the longest wait was reckoned while the clock was ahead.
    private static func isDue(_ time: Date, at now: Date) -> Bool {
        time <= now || time > now.addingTimeInterval(longestWait)
    }

    private func allAuthorities() async throws(StorageError) -> [String: Date] {
        var all: [String: Date] = [:]
        var after: String?
        while true {
            let page = try await store.certificateAuthorities(after: after, limit: 50)
            guard let last = page.last else { return all }
            for record in page { all[record.id] = .distantPast }
            after = last.id
        }
    }

    /// Publishes the CRL of an authority if it is due.
    /// - Returns: when the next one is
    private func next(_ id: String, _ places: CertificateListPlaces) async -> Date {
        do {
            guard let record = try await store.certificateAuthority(id) else { return .distantFuture }
            let due = min(
                try await publish(record, places), clock.now().addingTimeInterval(Self.longestWait))
            if failing.remove(id) != nil {
                logger.notice("a CRL is published again", metadata: ["authority": "\(id)"])
            }
            return due
        } catch {
            if failing.insert(id).inserted { await report(error, of: id) }
            return clock.now().addingTimeInterval(Self.pause)
        }
    }

    private func publish(
        _ record: CertificateAuthorityRecord, _ places: CertificateListPlaces
    ) async throws -> Date {
        guard record.status == .active || record.status == .disabled,
            let source = try CertificateListSource(record), source.issuer.signsLists,
            source.notAfter > clock.now()
        else { return .distantFuture }
        try await publishCertificate(record, places)
        let complete = try await publishComplete(record, source, places)
        let divided = try await partitions?(record, source, validDays: days(record))
        return min(complete, divided ?? complete)
    }

    private func publishComplete(
        _ record: CertificateAuthorityRecord, _ source: CertificateListSource,
        _ places: CertificateListPlaces
    ) async throws -> Date {
        let path = RevocationSettings.path(of: record.id)
        let known = try await store.certificateList(of: record.id)
        var isCurrent = true
        var floor: Int64 = 0
        if !compared.contains(record.id) {
            // After a restore the published CRL can have revocations that the store lacks.
            let own = try await places.files.contents(path)
            isCurrent = own.map { Array(SHA256.hash(data: $0)) == known?.digest } ?? false
            let file =
                if let own { own } else { try await copy(of: record, places, isExpected: known != nil) }
            if let file, !isCurrent {
                floor = try await RestoredRevocations(
                    store: store, recorder: recorder, naming: naming, clock: clock
                ).take(from: file, at: path, of: record, source)
            }
            compared.insert(record.id)
        }
        let now = clock.now()
        if isCurrent, !asked.contains(record.id), let known {
            let newer = try await store.revocations(of: record.id, after: known.lastRevocation, limit: 1)
            // One from the future was made while the clock was wrong, and relying parties refuse it.
            if newer.isEmpty, now < known.halfOfLife, known.thisUpdate <= now {
                if let kept = unwritten[record.id], kept.list == known {
                    try await write(kept, of: record, places)
                }
                return known.halfOfLife
            }
        }
        let made = try await maker.make(
            record, source, after: known, above: floor, validDays: days(record))
        asked.remove(record.id)
        unwritten[record.id] = made
        try await write(made, of: record, places)
        return made.list.halfOfLife
    }

    /// Publishes the authority's own certificate, which the responder serves (`caIssuers`, RFC 5280, section
    /// 4.2.2.1).
    private func publishCertificate(
        _ record: CertificateAuthorityRecord, _ places: CertificateListPlaces
    ) async throws(BucketError) {
        guard let der = record.certificate, publishedCertificates[record.id] != der else { return }
        let path = RevocationSettings.certificatePath(of: record.id)
        if try await places.files.contents(path) != der { try await places.files.replace(path, with: der) }
        publishedCertificates[record.id] = der
    }

    /// The copy of a lost CRL in the authority's bucket; nil without one.
    /// - Parameter isExpected: whether a CRL was recorded
    private func copy(
        of record: CertificateAuthorityRecord, _ places: CertificateListPlaces, isExpected: Bool
    ) async throws -> [UInt8]? {
        if let lists = record.revocation.certificateLists,
            let place = lists.bucket.flatMap({ places.buckets[$0] }),
            let copy = try await place.contents(RevocationSettings.key(of: record.id, lists))
        {
            return copy
        }
        if isExpected {
            logger.warning(
                "the published CRL is not there; a restored database may lack revocations",
                metadata: ["authority": "\(record.id)"])
            await recorder.recordNowOrLater(
                .service(
                    .publishedCRLMissing, scope: naming.scope, time: clock.now(),
                    details: [
                        "certificateAuthorityArn": .string(
                            naming.certificateAuthority(record.id).description)
                    ]))
        }
        return nil
    }

    /// Replaces the file and its copy. The CRL is kept until both are written, so that another attempt needs
    /// no other signature.
    private func write(
        _ made: CertificateListMaker.Made, of record: CertificateAuthorityRecord,
        _ places: CertificateListPlaces
    ) async throws(BucketError) {
        try await CertificateListWriter(places: places).write(made, of: record)
        unwritten[record.id] = nil
    }

    private func days(_ record: CertificateAuthorityRecord) -> Int {
        record.revocation.certificateLists?.expirationInDays ?? settings.listDays
    }

    private func report(_ error: any Error, of id: String) async {
        let reason = (error as? BucketError)?.reason ?? "\(error)"
        logger.error(
            "a CRL was not published", metadata: ["authority": "\(id)", "reason": "\(error)"])
        await recorder.recordNowOrLater(
            .service(
                .crlNotPublished, scope: naming.scope, time: clock.now(),
                details: [
                    "certificateAuthorityArn": .string(naming.certificateAuthority(id).description),
                    "statusReason": .string(reason),
                ]))
    }
}

extension CertificateListRecord {
    /// When the next one is made.
    var halfOfLife: Date {
        thisUpdate.addingTimeInterval(nextUpdate.timeIntervalSince(thisUpdate) / 2)
    }
}
