import AuditLog
import Authorities
import Authorization
import Crypto
import Foundation
import InMemoryStorage
import Issuance
import JSON
import Logging
import Operations
import PKIX
import Publication
import RecordKeeping
import Signing
import SoftwareKeys
import Storage
import SwiftASN1
import Synchronization
import Testing
import TransparencyLog
import X509

/// The daemon's operations on a store and keys in memory, without a socket.
struct InMemoryAPI {
    /// Users of the host, and their principals.
    enum User: UInt32, Sendable {
        case administrator = 1
        /// Issues end-entity certificates; other certificates, and policies, need an officer.
        case issuer
        case officer
        /// A principal with the policies of its test.
        case holder
        /// A principal of another account.
        case foreigner
        /// A principal whose policies allow nothing.
        case outsider
        /// A user that is mapped to no principal.
        case unmapped
    }

    let store: InMemoryStore
    let custody: SoftwareCustody
    let tokens: TokenStub
    let buckets: BucketStub
    /// The directory of CRLs, and a bucket for copies of them.
    let published: PublishedStub
    let copies = PublishedStub()
    let useCases: UseCases
    let service: APIService
    let time: ManualTime
    private let configuration: Configuration
    private static let catalog = TemplateCatalog(
        partition: "aws", region: "us-local-1", account: "000000000000", own: [])

    /// - Parameters:
    ///   - like: whose store and keys are copied
    ///   - makesKeys: whether keys may be made without a ceremony
    ///   - hasLogName: whether the log has checkpoints
    ///   - hasListURL: whether the directory of CRLs has a URL
    ///   - ocsp: how OCSP requests are answered
    ///   - ceremonyKey: the key that a ceremony made for the log
    init(
        like other: InMemoryAPI? = nil, _ rules: Rules = Rules(), makesKeys: Bool = true,
        hasLogName: Bool = true, hasListURL: Bool = true,
        ocsp: OCSPSettings = OCSPSettings(url: "http://ocsp.example.test"),
        ceremonyKey: LogIdentity.CeremonyKey? = nil
    ) throws {
        let store = other.map { InMemoryStore(copying: $0.store) } ?? InMemoryStore()
        let custody =
            other.map { SoftwareCustody(copying: $0.custody, makesKeys: makesKeys) }
            ?? SoftwareCustody(makesKeys: makesKeys)
        let time = ManualTime(other?.time.now ?? Date(timeIntervalSince1970: 1_800_000_000))
        let (tokens, buckets) = (TokenStub(), BucketStub())
        let published = PublishedStub(other?.published.files ?? [:])
        self.published = published
        self.time = time
        var settings = UseCases.Settings(
            naming: ARNNaming(partition: "aws", region: "us-local-1", account: "000000000000"),
            issuance: IssuanceSettings(catalog: Self.catalog))
        if hasLogName { settings.log = LogIdentity(origin: "log.test", ceremonyKey: ceremonyKey) }
        settings.auditReports = AuditReports(buckets: buckets)
        settings.revocation = RevocationSettings(
            url: hasListURL ? "http://crl.example.test" : nil,
            buckets: ["crls": "http://bucket.example.test"], listDays: 7, ocsp: ocsp)
        settings.certificateLists = CertificateListPlaces(files: published, buckets: ["crls": copies])
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        useCases = UseCases(
            store: store, custody: custody, inventory: tokens, settings: settings, logger: logger,
            clock: Clock { time.now })
        let rulebook = try rules.rulebook()
        let configuration = Configuration(rulebook)
        service = APIService(
            useCases: useCases, policy: PolicyInForce(rulebook), logger: logger,
            isWorker: { $0 == 666 },
            loadRulebook: { () throws(ReloadFailure) in try configuration.load() })
        self.configuration = configuration
        (self.store, self.custody, self.tokens, self.buckets) = (store, custody, tokens, buckets)
    }

    /// Sets the configuration from now on; nil for an invalid one.
    func configure(_ rules: Rules?) throws { configuration.set(try rules?.rulebook()) }

    private struct Source: RequestSource {
        let user: User
        var pid: Int32 = 7
        var accountable: UInt32 { user.rawValue }

        func finding() -> CallerFinding {
            CallerFinding(
                caller: .process(Peer(pid: pid, uid: user.rawValue, gid: user.rawValue)), fault: nil)
        }
    }

    /// Calls an operation.
    /// - Parameters:
    ///   - operation: its `X-Amz-Target`
    ///   - whileReading: done before the body is complete
    func call(
        _ operation: String, _ input: String = "{}", as user: User = .administrator, pid: Int32 = 7,
        whileReading: @Sendable () async -> Void = {}
    ) async -> Result<JSONValue, APIError> {
        let answer = await service.answer(
            APIRequest(isOperation: true, target: operation, userAgent: nil),
            from: Source(user: user, pid: pid)
        ) { most throws(APIError) in
            await whileReading()
            guard input.utf8.count <= most else { throw APIError("TooLarge", "\(most)") }
            return APIBody(octets: Data(input.utf8))
        }
        return answer.result.map { (try? JSONValue(parsing: $0)) ?? .null }
    }

    /// The error of a call that must be refused.
    func refusal(
        _ operation: String, _ input: String = "{}", as user: User = .administrator, pid: Int32 = 7
    ) async -> String? {
        guard case .failure(let error) = await call(operation, input, as: user, pid: pid) else { return nil }
        return error.code
    }

    /// A member of the answer to a call that must succeed.
    func value(
        _ member: String, of operation: String, _ input: String = "{}", as user: User = .administrator
    ) async throws -> String {
        let output = try await call(operation, input, as: user).get()
        return try #require(output[member]?.stringValue, "\(output)")
    }

    /// The events of the log, as `name` or `name: error`.
    var events: [String] {
        store.events.map { body in
            let event = try? JSONValue(parsing: body)
            let error = (event?["errorCode"]?.stringValue).map { ": \($0)" } ?? ""
            return (event?["eventName"]?.stringValue ?? "") + error
        }
    }
}

/// A clock that tests set.
final class ManualTime: Sendable {
    private let time: Mutex<Date>

    init(_ time: Date) { self.time = Mutex(time) }

    var now: Date { time.withLock { $0 } }

    func advance(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

/// One token that can be taken out of service.
final class TokenStub: TokenInventory {
    private let drained = Mutex(false)
    let keys = Mutex<[CustodyKey]>([])

    var isDrained: Bool { drained.withLock { $0 } }

    func tokens() async -> [CustodyToken] {
        [
            CustodyToken(
                name: "main", status: isDrained ? .drained : .serving, profile: "software",
                securityStandard: nil)
        ]
    }

    func privateKeys(onToken name: String) async throws -> [CustodyKey] { keys.withLock { $0 } }

    func drainToken(_ name: String) async -> Bool {
        drained.withLock { $0 = true }
        return name == "main"
    }

    func resumeToken(_ name: String) async -> Bool {
        drained.withLock { $0 = false }
        return name == "main"
    }
}

/// One bucket in memory.
final class BucketStub: ReportBuckets {
    private let objects = Mutex<[String: [UInt8]]>([:])

    /// An object as text; nil until it is complete.
    func text(_ key: String) -> String? {
        objects.withLock { $0[key] }.map { String(decoding: $0, as: UTF8.self) }
    }

    var keys: [String] { objects.withLock { $0.keys.sorted() } }

    func contains(_ bucket: String) -> Bool { bucket == "reports" }

    func begin(_ key: String, in bucket: String) async throws(BucketError) -> any ReportObject {
        Object(key: key, bucket: self)
    }

    func discardUnfinished(_ key: String, in bucket: String) async throws(BucketError) {}

    private final class Object: ReportObject {
        let key: String
        let bucket: BucketStub
        let octets = Mutex<[UInt8]>([])

        init(key: String, bucket: BucketStub) {
            self.key = key
            self.bucket = bucket
        }

        func append(_ bytes: [UInt8]) async throws(BucketError) { octets.withLock { $0 += bytes } }

        func finish() async throws(BucketError) {
            let all = octets.withLock { $0 }
            bucket.objects.withLock { $0[key] = all }
        }

        func abandon() async {}
    }
}
