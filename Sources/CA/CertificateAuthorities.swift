public import Audit
public import Authorization
public import Foundation
public import Logging
internal import PKIX
public import Signing
public import Storage
internal import SwiftASN1
internal import X509

/// The certificate authorities and what can be done with them: one use case per file, each under the
/// operation's name. Every use case takes a request that was authorized, and leaves its event in the log with
/// whatever it changed.
public struct CertificateAuthorities: Sendable {
    let store: any Store
    /// Every commit goes through it.
    let commits: WatchedCommits
    let custody: any KeyCustody
    let inventory: any TokenInventory
    let cycle: SigningCycle
    /// Whose ARNs it makes.
    public let naming: Naming
    public let issuance: IssuanceSettings
    /// Seconds a request waits for officers.
    let approvalLifetime: TimeInterval
    /// Seconds that a request which ended is kept after its time is over.
    let approvalRetention: TimeInterval
    /// Nil for a log without checkpoints.
    public let log: LogIdentity?
    /// Nil where no buckets are configured.
    let auditReports: AuditReports?
    let clock: @Sendable () -> Date
    let randomBytes: @Sendable (Int) -> [UInt8]
    let logger: Logger
    let policies = ParsedPolicies()
    let parsed = IssuingAuthorities()
    let keysInUse: KeysInUse
    let interruption: RecordInterruption
    let cosigned = CosignedCheckpoint()
    let checkpoints = CheckpointWaiters()
    let logFault = LogFault()
    let unrecordedKeys = UnrecordedKeys()

    /// The parts of this daemon's ARNs.
    public struct Naming: Sendable, Hashable {
        public let partition: String
        public let region: String
        public let account: String

        public init(partition: String, region: String, account: String) {
            self.partition = partition
            self.region = region
            self.account = account
        }

        public var scope: AuditScope { AuditScope(account: account, region: region) }

        /// Whether an ARN is of this daemon, whatever it names.
        func isOwn(_ arn: ARN) -> Bool {
            arn.partition == partition && arn.region == region && arn.account == account
        }

        public func certificateAuthority(_ id: String) -> ARN {
            ARN(
                partition: partition, service: "acm-pca", region: region, account: account,
                resource: "certificate-authority/\(id)")
        }

        /// The ARN of the certificate with this serial number: 32 lower-case hexadecimal digits.
        public func certificate(_ serialNumber: String, of authority: String) -> ARN {
            ARN(
                partition: partition, service: "acm-pca", region: region, account: account,
                resource: "certificate-authority/\(authority)/certificate/\(serialNumber)")
        }
    }

    public init(
        store: any Store, custody: any KeyCustody, inventory: any TokenInventory, naming: Naming,
        issuance: IssuanceSettings,
        approvalLifetime: TimeInterval = 72 * 3600, approvalRetention: TimeInterval = 90 * 86_400,
        log: LogIdentity? = nil,
        auditReports: AuditReports? = nil,
        logger: Logger,
        clock: @escaping @Sendable () -> Date = { Date() },
        randomBytes: @escaping @Sendable (Int) -> [UInt8] = Self.systemRandomBytes
    ) {
        let (keysInUse, interruption) = (KeysInUse(), RecordInterruption())
        let commits = WatchedCommits(
            store: store, keysInUse: keysInUse, interruption: interruption, naming: naming, clock: clock)
        self.store = store
        self.commits = commits
        self.keysInUse = keysInUse
        self.interruption = interruption
        self.custody = LogGuardedCustody(custody, logFault)
        self.inventory = inventory
        cycle = SigningCycle(store: commits, scope: naming.scope, clock: clock)
        self.naming = naming
        self.issuance = issuance
        self.approvalLifetime = approvalLifetime
        self.approvalRetention = approvalRetention
        self.log = log
        self.auditReports = auditReports
        self.logger = logger
        self.clock = clock
        self.randomBytes = randomBytes
    }

    /// From the operating system's generator (getrandom(2)).
    public static let systemRandomBytes: @Sendable (Int) -> [UInt8] = { count in
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        while bytes.count < count {
            let word: UInt64 = generator.next()
            for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * shift))) }
        }
        return Array(bytes.prefix(count))
    }
}

extension CertificateAuthorities {
    /// The record behind the ARN of a certificate authority of this daemon.
    func record(_ arn: ARN) async throws(CAError) -> CertificateAuthorityRecord {
        let id = try authorityID(arn)
        let record: CertificateAuthorityRecord?
        do { record = try await store.certificateAuthority(id) } catch { throw .storage(error) }
        guard let record else { throw .certificateAuthorityNotFound(arn) }
        return record
    }

    private func authorityID(_ arn: ARN) throws(CAError) -> String {
        let kind = "certificate-authority/"
        guard arn.service == "acm-pca", arn.resource.hasPrefix(kind) else {
            throw .malformedARN(arn.description)
        }
        let id = String(arn.resource.dropFirst(kind.count))
        guard !id.utf8.contains(UInt8(ascii: "/")) else { throw .malformedARN(arn.description) }
        guard naming.isOwn(arn) else { throw .certificateAuthorityNotFound(arn) }
        return id
    }

    func commit(_ changes: [Change]) async throws(CAError) {
        do { try await commits.commit(changes) } catch { throw .storage(error) }
    }

    /// Records a call whose effect is not in the store.
    public func commit<Output>(answering answer: Answer<Output>) async throws(CAError) -> Audited<Output> {
        try await commit([], answering: answer)
    }

    /// Makes the changes of a call, and records it with them.
    func commit<Output>(
        _ changes: [Change], answering answer: Answer<Output>
    ) async throws(CAError) -> Audited<Output> {
        do { return try await commits.commit(changes, answering: answer) } catch { throw .storage(error) }
    }

    /// Records a call that changed nothing. While the log cannot be written it is answered all the same: a caller that asks for
    /// a certificate, or for the log itself, learns nothing that was not recorded before. The event RecordInterrupted counts it.
    public func answer<Output>(
        _ output: Output, to call: APICall, allowedBy statement: String
    ) async throws(CAError) -> Audited<Output> {
        let answer = Answer(output, to: call, allowedBy: statement)
        do throws(StorageError) {
            return try await commits.record(reading: answer) { (error) throws(StorageError) in
                guard case .unavailable = error else { throw error }
                interruption.note(.read, at: clock())
            }
        } catch { throw .storage(error) }
    }

    func now() throws(CAError) -> (date: Date, civil: CivilTime) {
        let date = clock()
        guard let civil = CivilTime(secondsSinceEpoch: Int64(date.timeIntervalSince1970.rounded(.down)))
        else {
            throw .requestFailed("the system clock is out of range")
        }
        return (date, civil)
    }
}

extension CertificateAuthorityRecord {
    /// The pinned public key; a record without one is of an authority whose creation failed.
    func publicKey() throws(CAError) -> SubjectPublicKey {
        guard let subjectPublicKeyInfo else {
            throw .invalidState("The certificate authority is not in the correct state: it has no key pair")
        }
        do { return try SubjectPublicKey(derEncoded: subjectPublicKeyInfo) } catch {
            throw .storage(.corrupt("the public key of the certificate authority \(id)"))
        }
    }

    /// The certificate that was imported; nil when none was.
    func parsedCertificate() throws(CAError) -> Certificate? {
        guard let certificate else { return nil }
        do { return try Certificate(derEncoded: certificate) } catch {
            throw .storage(.corrupt("the certificate of the certificate authority \(id)"))
        }
    }

    /// The certificates above its own.
    func parsedChain() throws(CAError) -> [Certificate] {
        var parsed: [Certificate] = []
        for der in chain {
            do { parsed.append(try Certificate(derEncoded: der)) } catch {
                throw .storage(.corrupt("the chain of the certificate authority \(id)"))
            }
        }
        return parsed
    }
}
