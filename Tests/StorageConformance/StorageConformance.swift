public import Audit
internal import Authorization
public import Foundation
internal import JSON
internal import PKIX
public import Storage
internal import TransparencyLog

/// What every store must do. A back end's tests call each check with a fresh, empty store.
public struct StorageConformance {
    /// A check that did not hold.
    public struct Violation: Error, CustomStringConvertible {
        public let description: String
    }

    public struct Check: Sendable {
        public let name: String
        public let run: @Sendable (any Store) async throws -> Void
    }

    static func require(_ condition: Bool, _ what: String) throws {
        if !condition { throw Violation(description: what) }
    }

    /// Commits what must be refused, and says how it was.
    static func refusal(_ store: any Store, _ changes: [Change]) async throws -> StorageError {
        do { try await store.commit(changes) } catch { return error }
        throw Violation(description: "a commit that must be refused was made")
    }

    public static func authority(_ id: String, revision: Int64 = 0) -> CertificateAuthorityRecord {
        var subject = SubjectAttributes()
        subject.commonName = "Name of \(id)"
        subject.customAttributes = [.init(objectIdentifier: "2.5.4.3", value: "ü")]
        return CertificateAuthorityRecord(
            id: id, kind: .subordinate, status: .creating,
            createdAt: Date(timeIntervalSince1970: 1_700_000_000.125),
            lastStateChangeAt: Date(timeIntervalSince1970: 1_700_000_001), keyAlgorithm: .ecSecp384r1,
            signingAlgorithm: .sha384WithECDSA, subject: subject, usageMode: .shortLivedCertificate,
            keyStorageSecurityStandard: "FIPS_140_2_LEVEL_3_OR_HIGHER", keyIdentifier: Array(id.utf8),
            revision: revision)
    }

    public static func certificate(_ serialNumber: String, of authority: String) -> CertificateRecord {
        CertificateRecord(
            serialNumber: serialNumber, certificateAuthority: authority, status: .reserved, templateARN: "t",
            requester: "r", requestedAt: Date(timeIntervalSince1970: 5),
            notAfter: Date(timeIntervalSince1970: 9))
    }

    public static let later = Date(timeIntervalSince1970: 1_700_000_003.25)

    public static func intent(_ request: String) -> IntentRecord {
        IntentRecord(
            id: "intent of \(request)", purpose: "Certificate", digest: [1], keyIdentifier: [2],
            certificateAuthority: "arn:aws:acm-pca:r:0:certificate-authority/a", serialNumber: "aa",
            requestID: request, recordedAt: Date(timeIntervalSince1970: 3))
    }

    /// - Parameter note: tells events of one name apart
    public static func event(
        _ event: ServiceEvent = .daemonStarted, note: String? = nil, at time: Date = later
    ) -> AuditEvent {
        .service(
            event, scope: AuditScope(account: "0", region: "r"), time: time,
            details: note.map { ["note": .string($0)] } ?? [:])
    }

    static func claim(_ key: String, digest: String = "d", expiresIn seconds: TimeInterval = 300)
        -> IdempotencyClaim
    {
        let now = Date(timeIntervalSince1970: 1000)
        return IdempotencyClaim(
            key: key, requestDigest: digest, answer: "answer", madeAt: now,
            expiresAt: now.addingTimeInterval(seconds))
    }

    public static let room = ApprovalLimits(count: 100, octets: 1_000_000)

    public static func approval(_ id: String, serialNumber: String? = nil) -> ApprovalRecord {
        ApprovalRecord(
            id: id, operation: .init(name: "O", input: Data([0, 255])), resource: "*", requester: "r",
            peer: Data("{}".utf8), content: Data([1, 0]), digest: "d", serialNumber: serialNumber, needed: 2,
            createdAt: Date(timeIntervalSince1970: 7.25), expiresAt: Date(timeIntervalSince1970: 9))
    }

    public static let checks: [Check] =
        memberChecks + [
            Check(name: "an approval is read as it was written, and changes one at a time") { store in
                var record = approval("a", serialNumber: "aa")
                try await store.commit([
                    .insertApproval(record, within: room), .insertApproval(approval("b"), within: room),
                ])
                try require(try await store.approval("a") == record, "the inserted record differs")
                try require(try await store.approval(serialNumber: "aa") == record, "not found by its number")
                try require(try await store.approval(serialNumber: "bb") == nil, "an approval out of nowhere")
                record.approvals = [
                    .init(
                        principal: "o", uid: 4_294_967_294, peer: Data([1, 2]),
                        time: Date(timeIntervalSince1970: 8.5))
                ]
                record.status = .rejected
                record.outcome = "no"
                try await store.commit([.updateApproval(record)])
                try require(try await store.approval("a") == record.updated(), "the updated record differs")
                guard case .conflict = try await refusal(store, [.updateApproval(record)]) else {
                    throw Violation(description: "not a conflict")
                }
                func ids(_ status: ApprovalRecord.Status?, after: String? = nil, limit: Int = 9) async throws
                    -> [String]
                {
                    try await store.approvals(status, after: after, limit: limit).map(\.id)
                }
                try require(try await ids(nil) == ["b", "a"], "not the newest first")
                try require(try await ids(nil, limit: 1) == ["b"], "more than wanted")
                try require(try await ids(nil, after: "b") == ["a"], "not what comes after")
                try require(try await ids(nil, after: "a").isEmpty, "something comes after the last")
                try require(try await ids(.pending) == ["b"], "the pending ones differ")
                try require(
                    try await store.approvals(nil, after: "b", limit: 1).first == ApprovalSummary(record),
                    "a summary differs from its record")
                _ = try await refusal(
                    store, [.insertApproval(approval("c", serialNumber: "aa"), within: room)])
            },
            Check(name: "approvals are found by digest, bounded by requester, and end in time") { store in
                try await store.commit([
                    .insertApproval(approval("a"), within: ApprovalLimits(count: 1, octets: 4))
                ])
                try require(
                    try await store.pendingApproval(digest: "d", requester: "r") == "a",
                    "not found by its digest"
                )
                try require(
                    try await store.pendingApproval(digest: "d", requester: "s") == nil, "another's is found")
                try require(
                    try await store.pendingApproval(digest: "e", requester: "r") == nil, "another is found")
                // Body and content have two octets each.
                for limits in [ApprovalLimits(count: 1, octets: 99), ApprovalLimits(count: 9, octets: 7)] {
                    guard
                        case .approvalsExceeded(limits) = try await refusal(
                            store, [.insertApproval(approval("b"), within: limits)])
                    else { throw Violation(description: "more than the limits allow") }
                }
                var other = approval("c")
                other.requester = "s"
                try await store.commit([.insertApproval(other, within: ApprovalLimits(count: 1, octets: 4))])
                try await store.commit([
                    .insertApproval(approval("d"), within: ApprovalLimits(count: 2, octets: 8))
                ])
                for (requester, count) in [("r", 2), ("s", 1), ("t", 0)] {
                    try require(
                        try await store.pendingApprovals(requester: requester)
                            == PendingApprovals(count: count, octets: 4 * count),
                        "not as much of \(requester) waits as does")
                }
                let overdue = try await store.overdueApprovals(at: Date(timeIntervalSince1970: 9), limit: 9)
                try require(Set(overdue) == ["a", "c", "d"], "not those whose time is over")
                try require(
                    try await store.overdueApprovals(at: Date(timeIntervalSince1970: 9), limit: 1).count == 1,
                    "more than wanted")
                try require(
                    try await store.overdueApprovals(at: Date(timeIntervalSince1970: 8.9), limit: 9).isEmpty,
                    "overdue before its time")
                var ended = approval("a")
                ended.status = .expired
                try await store.commit([.updateApproval(ended)])
                ended = ended.updated()
                try await store.commit([.removeApprovals(endedBefore: Date(timeIntervalSince1970: 9))])
                try require(try await store.approval("a") == ended, "removed before its time")
                try await store.commit([.removeApprovals(endedBefore: Date(timeIntervalSince1970: 10))])
                try require(try await store.approval("a") == nil, "not removed")
                try require(try await store.approval("d") != nil, "one that waits was removed")
                try require(
                    try await store.pendingApprovals(requester: "r") == PendingApprovals(count: 1, octets: 4),
                    "an expired one waits")
                // Its place is free again.
                try await store.commit([
                    .insertApproval(approval("e"), within: ApprovalLimits(count: 2, octets: 8))
                ])
            },
            Check(name: "the tree of the log is that of its events, whatever was refused") { store in
                var frontier = Frontier()
                for round in 0..<70 {
                    let events = (0..<11).map { event(note: "E\(round).\($0)") }
                    try await store.commit(events.map { .append($0) })
                    for event in events { frontier.append(TreeHash(leaf: event.body)) }
                    _ = try await refusal(
                        store, [.append(event(.daemonStopped)), .closeIntent(id: "no such intent")])
                }
                try require(try await store.logSize() == frontier.size, "the size differs")
                for size in [1, 2, 255, 256, 257, 512, 600, 769, frontier.size] {
                    var partial = Frontier()
                    for event in try await store.events(from: 0, limit: Int(size)) {
                        partial.append(TreeHash(leaf: event.body))
                    }
                    try require(
                        try await store.root(size: size) == partial.root, "the root at \(size) differs")
                }
                let proof = try await store.inclusionProof(of: 300, size: frontier.size)
                let body = try await store.events(from: 300, limit: 1)[0].body
                try require(
                    ProofCheck.includes(
                        TreeHash(leaf: body), at: 300, size: frontier.size, root: frontier.root, proof: proof),
                    "an event is not proven")
                try require(try await store.checkpoint(of: nil) == nil, "a checkpoint out of nowhere")
                try await store.commit([
                    .recordCheckpoint(size: 5, note: "five"), .recordCheckpoint(size: 9, note: "nine"),
                ])
                try require(try await store.checkpoint(of: nil) == "nine", "not the newest")
                try require(try await store.checkpoint(of: 4) == "five", "not the first that holds it")
                try require(try await store.checkpoint(of: 10) == nil, "a checkpoint that does not hold it")
            },
            Check(name: "an event is found by its id and by its request's") { store in
                let first = event(.daemonStopped)
                let own = AuditEvent.service(
                    .daemonStopped, scope: AuditScope(account: "0", region: "r"), time: Date(),
                    inPlaceOf: "5b1b9e24-6f8c-4f37-9d1e-111111111111", details: [:])
                try await store.commit([.append(first), .append(own)])
                try require(
                    try await store.event(id: first.id)?.body == first.body, "not found by its eventID")
                let found = try await store.event(id: "5b1b9e24-6f8c-4f37-9d1e-111111111111")
                try require(found?.body == own.body && found?.index == 1, "not found by its requestID")
                try require(try await store.event(id: "no such event") == nil, "an event out of nowhere")
            },
            Check(name: "a request's event is found among those that name it") { store in
                let call = APICall(
                    requestID: timeOrderedUUID(), operation: "O", time: later,
                    scope: AuditScope(account: "0", region: "r"),
                    caller: .process(Peer(pid: 1, uid: 1, gid: 1)),
                    principal: nil, userAgent: nil, policyDigest: "", parameters: .null)
                let details: JSONObject = ["requestID": .string(call.requestID)]
                func part(_ event: ServiceEvent) -> AuditEvent {
                    .service(event, scope: call.scope, time: later, details: details)
                }
                try await store.commit(
                    [.append(part(.signatureIntent))], answering: Answer((), to: call, allowedBy: "s")
                ).take()
                try await store.commit([.append(part(.signatureOutcome))])
                let found = try await store.event(id: call.requestID)
                let own = found.map { String(decoding: $0.body, as: UTF8.self) } ?? ""
                try require(
                    found?.index == 1 && own.contains(#""eventName":"O""#),
                    "it is not the request's own event")
                // One that never ended has none of its own.
                let lost = timeOrderedUUID()
                let outcome = AuditEvent.service(
                    .signatureOutcome, scope: call.scope, time: later, inPlaceOf: lost,
                    details: ["requestID": .string(lost)])
                try await store.commit([.append(outcome), .append(event(.daemonStopped))])
                try require(
                    try await store.event(id: lost)?.body == outcome.body, "nothing of a lost request")
                try require(try await store.event(id: timeOrderedUUID()) == nil, "an event out of nowhere")
            },
            Check(name: "events are told apart by the texts they have") { store in
                try await store.commit(["One", "Two", "Three", "Two"].map { .append(event(note: $0)) })
                func found(_ range: Range<Int64>, _ marks: [[String]]) async throws -> [Int64] {
                    let slice = try await store.events(in: range, having: marks, octets: 100_000)
                    try require(slice.next == range.upperBound, "not looked at to the end")
                    return slice.events.map(\.index)
                }
                try require(try await found(0..<9, []) == [0, 1, 2, 3], "not all")
                try require(try await found(1..<3, []) == [1, 2], "not the range")
                try require(try await found(0..<4, [[#":"Two""#]]) == [1, 3], "not those with the text")
                try require(
                    try await found(0..<4, [["One", "Three"], ["eventName"]]) == [0, 2], "not either")
                try require(try await found(0..<4, [["One"], ["Two"]]).isEmpty, "not both")
                try require(try await found(0..<4, [["one"], ["%"], ["?"]]).isEmpty, "a text is a pattern")
                // A slice ends before it is too long, and has one event at least.
                let length = try await store.events(from: 0, limit: 1)[0].body.count
                for (octets, count) in [(0, 1), (length, 1), (length * 5 / 2, 2)] {
                    let slice = try await store.events(in: 0..<4, having: [], octets: octets)
                    try require(slice.events.count == count, "\(octets) octets: \(slice.events.count) events")
                    try require(slice.next == Int64(count), "\(octets) octets: goes on at \(slice.next)")
                }
            },
            Check(name: "an authority is read as it was written") { store in
                var record = authority("a")
                try await store.commit([.insertCertificateAuthority(record)])
                try require(
                    try await store.certificateAuthority("a") == record, "the inserted record differs")
                record.status = .active
                record.subjectPublicKeyInfo = [1]
                record.certificateSigningRequest = [2]
                record.certificate = [3, 0]
                record.chain = [[4], [], [5, 255]]
                record.tags = ["team": "ü", "empty": ""]
                record.policy = #"{"Statement": []}"#
                record.permissions = [
                    PermissionRecord(
                        principal: "p", sourceAccount: "0", actions: ["A", "B"],
                        createdAt: Date(timeIntervalSince1970: 1_700_000_002.5))
                ]
                try await store.commit([.updateCertificateAuthority(record)])
                try require(
                    try await store.certificateAuthority("a") == record.updated(),
                    "the updated record differs")
                try require(try await store.certificateAuthority("b") == nil, "an authority out of nowhere")
            },
            Check(name: "an update that comes second is refused") { store in
                try await store.commit([.insertCertificateAuthority(authority("a"))])
                try await store.commit([.updateCertificateAuthority(authority("a"))])
                for revision: Int64 in [0, 2] {
                    guard
                        case .conflict = try await refusal(
                            store, [.updateCertificateAuthority(authority("a", revision: revision))])
                    else { throw Violation(description: "not a conflict") }
                }
            },
            Check(name: "pages follow the order of creation") { store in
                for id in ["c", "a", "b"] {
                    try await store.commit([.insertCertificateAuthority(authority(id))])
                }
                let first = try await store.certificateAuthorities(after: nil, limit: 2).map(\.id)
                let second = try await store.certificateAuthorities(after: "a", limit: 2).map(\.id)
                try require(first == ["c", "a"], "first page \(first)")
                try require(second == ["b"], "second page \(second)")
            },
            Check(name: "a serial number is taken once, for ever") { store in
                try await store.commit([.insertCertificateAuthority(authority("a"))])
                try await store.commit([.reserveSerialNumber(certificate("aa", of: "a"))])
                for _ in 0..<2 {
                    guard
                        case .serialNumberTaken = try await refusal(
                            store, [.reserveSerialNumber(certificate("aa", of: "a"))])
                    else { throw Violation(description: "not serialNumberTaken") }
                    try? await store.commit([
                        .concludeCertificate(
                            serialNumber: "aa", .failed(reason: "x"), outcome: event(.signatureOutcome))
                    ])
                }
            },
            Check(name: "a certificate is concluded once") { store in
                try await store.commit([.insertCertificateAuthority(authority("a"))])
                try await store.commit([.reserveSerialNumber(certificate("aa", of: "a"))])
                try require(
                    try await store.certificate(serialNumber: "aa") == certificate("aa", of: "a"),
                    "not as reserved")
                try await store.commit([
                    .append(event(.daemonStopped)),
                    .concludeCertificate(
                        serialNumber: "aa", .issued([7, 7]), outcome: event(.signatureOutcome)),
                ])
                _ = try await refusal(
                    store,
                    [
                        .concludeCertificate(
                            serialNumber: "aa", .failed(reason: "late"), outcome: event(.daemonStopped))
                    ])
                _ = try await refusal(
                    store,
                    [.concludeCertificate(serialNumber: "bb", .issued([1]), outcome: event(.daemonStopped))])
                let record = try await store.certificate(serialNumber: "aa")
                try require(record?.status == .issued([7, 7]), "the outcome changed")
                try require(record?.outcomeIndex == 1, "the outcome is not where the record says")
                try require(
                    try await store.events(from: 0, limit: 9).count == 2,
                    "an outcome of what was not concluded")
                try require(record?.issuedAt == later, "not when it was signed")
            },
            Check(
                name:
                    "the issued certificates of an authority come in pages, in the order of their signatures"
            ) {
                store in
                for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
                func issue(_ serialNumber: String, of authority: String, _ seconds: TimeInterval?)
                    async throws
                {
                    try await store.commit([.reserveSerialNumber(certificate(serialNumber, of: authority))])
                    guard let seconds else { return }
                    try await store.commit([
                        .concludeCertificate(
                            serialNumber: serialNumber, .issued([1]),
                            outcome: event(.signatureOutcome, at: later.addingTimeInterval(seconds)))
                    ])
                }
                // Two in one moment; one is reserved, one failed, one is another authority's.
                try await issue("dd", of: "a", 0)
                try await issue("cc", of: "a", 1)
                try await issue("bb", of: "a", 1)
                try await issue("aa", of: "a", 2.5)
                try await issue("ab", of: "a", nil)
                try await issue("ba", of: "b", 1)
                try await store.commit([
                    .reserveSerialNumber(certificate("ac", of: "a")),
                    .concludeCertificate(
                        serialNumber: "ac", .failed(reason: "x"), outcome: event(.signatureOutcome)),
                ])
                var after: CertificateRecord?
                var pages: [[String]] = []
                while pages.last?.isEmpty != true {
                    let page = try await store.issuedCertificates(of: "a", after: after, limit: 2)
                    pages.append(page.map(\.serialNumber))
                    after = page.last ?? after
                }
                try require(pages == [["dd", "bb"], ["cc", "aa"], []], "pages \(pages)")
            },
            Check(name: "an audit report is concluded once, and keeps the next one away for a while") {
                store in
                for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
                func report(_ id: String, of authority: String = "a", _ seconds: TimeInterval)
                    -> AuditReportRecord
                {
                    AuditReportRecord(
                        id: id, certificateAuthority: authority, bucket: "bucket", key: "k/\(id)",
                        createdAt: later.addingTimeInterval(seconds))
                }
                func insert(_ record: AuditReportRecord) -> [Change] {
                    [.insertAuditReport(record, unlessOneSince: record.createdAt.addingTimeInterval(-60))]
                }
                try await store.commit(insert(report("one", 0)))
                try require(try await store.auditReport("one") == report("one", 0), "not as inserted")
                try require(try await store.auditReport("two") == nil, "a report out of nowhere")
                guard case .conflict = try await refusal(store, insert(report("two", 59))) else {
                    throw Violation(description: "not a conflict")
                }
                try await store.commit(insert(report("other", of: "b", 1)))
                try require(
                    try await store.unfinishedAuditReports().map(\.id) == ["one", "other"],
                    "not the unfinished ones")
                try await store.commit([.concludeAuditReport(id: "one", .success)])
                _ = try await refusal(store, [.concludeAuditReport(id: "one", .failed)])
                _ = try await refusal(store, [.concludeAuditReport(id: "none", .failed)])
                try require(try await store.auditReport("one")?.status == .success, "the outcome changed")
                _ = try await refusal(store, insert(report("two", 59)))
                try await store.commit(insert(report("two", 60)))
                // One that failed keeps nobody waiting.
                try await store.commit([.concludeAuditReport(id: "two", .failed)])
                try await store.commit(insert(report("three", 61)))
                try require(
                    try await store.unfinishedAuditReports().map(\.id) == ["other", "three"],
                    "not the unfinished ones at the end")
            },
            Check(name: "a commit is made whole or not at all") { store in
                try await store.commit([.insertCertificateAuthority(authority("a"))])
                _ = try await refusal(
                    store,
                    [
                        .insertCertificateAuthority(authority("b")), .append(event(.daemonStopped)),
                        .closeIntent(id: "no such intent"),
                    ])
                try require(try await store.certificateAuthority("b") == nil, "half a commit was made")
                try require(
                    try await store.events(from: 0, limit: 10).isEmpty, "an event of a refused commit")
            },
            Check(name: "a commit that is refused does not touch others of the same moment") { store in
                try await store.commit([.insertCertificateAuthority(authority("a"))])
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for index in 0..<60 {
                        group.addTask {
                            // Every third asks for the same serial number; one of those gets it.
                            let serial = index % 3 == 0 ? "same" : "own\(index)"
                            do {
                                try await store.commit([
                                    .reserveSerialNumber(certificate(serial, of: "a")),
                                    .append(event(note: "E\(index)")),
                                ])
                                return true
                            } catch { return false }
                        }
                    }
                    var made = 0
                    for try await wasMade in group where wasMade { made += 1 }
                    try require(made == 41, "\(made) of 41 were made")
                }
                try require(
                    try await store.events(from: 0, limit: 100).count == 41, "events and commits differ")
            },
            Check(name: "intents are open until they are closed") { store in
                let one = intent("one")
                let two = intent("two")
                try await store.commit([.openIntent(one), .append(event(.signatureIntent))])
                try await store.commit([.openIntent(two)])
                try await store.commit([.closeIntent(id: one.id)])
                let left = try await store.unresolvedIntents()
                try require(left.map(\.id) == [two.id], "open are \(left)")
                try require(
                    left.first?.requestID == "two" && left.first?.serialNumber == "aa", "not as recorded")
                _ = try await refusal(store, [.closeIntent(id: one.id)])
            },
            Check(name: "an idempotency claim holds until it expires") { store in
                try await store.commit([.claimIdempotency(claim("k"))])
                guard
                    case .alreadyClaimed(let earlier) = try await refusal(
                        store, [.claimIdempotency(claim("k", digest: "other"))])
                else { throw Violation(description: "not alreadyClaimed") }
                try require(earlier == claim("k"), "not the earlier claim")
                let found = try await store.idempotencyClaim(key: "k", at: Date(timeIntervalSince1970: 1299))
                try require(found == claim("k"), "not found while it holds")
                let late = try await store.idempotencyClaim(key: "k", at: Date(timeIntervalSince1970: 1300))
                try require(late == nil, "found after it expired")
                var next = claim("k", digest: "next")
                next.madeAt = Date(timeIntervalSince1970: 1301)
                next.expiresAt = Date(timeIntervalSince1970: 1601)
                try await store.commit([.claimIdempotency(next)])
                try await store.commit([.releaseIdempotency(answer: "answer")])
                try await store.commit([.claimIdempotency(claim("k"))])
            },
            Check(name: "the log keeps the order and the bytes of its events") { store in
                let events = (0..<5).map { event(note: "E\($0)") }
                for one in events { try await store.commit([.append(one)]) }
                let read = try await store.events(from: 0, limit: 10)
                try require(read.map(\.index) == [0, 1, 2, 3, 4], "indices \(read.map(\.index))")
                try require(read.map(\.body) == events.map(\.body), "bytes differ")
                let part = try await store.events(from: 3, limit: 1)
                try require(part.map(\.index) == [3], "paging \(part.map(\.index))")
                _ = try await refusal(store, [.append(events[0])])
            },
        ]
}

extension StorageConformance.Check: CustomStringConvertible {
    public var description: String { name }
}
