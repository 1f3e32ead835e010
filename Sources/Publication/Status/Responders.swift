internal import Audit
internal import Authorities
internal import Foundation
internal import Logging
internal import PKIX
internal import RecordKeeping
internal import Revocation
internal import Signing
internal import Storage
internal import SwiftASN1
internal import X509

/// The keys that sign OCSP responses, and the batches of their signatures.
actor Responders {
    private struct Loaded {
        let record: ResponderRecord
        let signer: StatusSigner
        let notBefore: Date
    }

    let store: any RevocationStore
    let custody: any KeyCustody
    let cycle: SigningCycle
    let settings: OCSPSettings
    let scope: AuditScope
    let clock: Clock
    let logger: Logger

    private var loaded: [String: Loaded] = [:]
    private var batches: [String: SignatureBatch] = [:]
    /// Batches that are being opened, so that one serves all requests that wait.
    private var opening: [String: Task<SignatureBatch, any Error>] = [:]

    init(
        store: any RevocationStore, custody: any KeyCustody, cycle: SigningCycle, settings: OCSPSettings,
        scope: AuditScope, clock: Clock, logger: Logger
    ) {
        self.store = store
        self.custody = custody
        self.cycle = cycle
        self.settings = settings
        self.scope = scope
        self.clock = clock
        self.logger = logger
    }

    /// The key that signs for an authority; nil while it has none.
    func signer(of authority: StatusAuthority) async throws -> StatusSigner? {
        if settings.signer == .authority {
            guard let end = CivilTime(authority.source.notAfter) else { return nil }
            return StatusSigner(
                publicKey: authority.source.issuer.publicKey,
                signingAlgorithm: authority.source.issuer.signingAlgorithm, certificate: nil, notAfter: end)
        }
        let now = clock.now()
        guard let loaded = try await load(authority),
            loaded.notBefore <= now,
            Int64(now.timeIntervalSince1970) < loaded.signer.notAfter.secondsSinceEpoch
        else { return nil }
        return loaded.signer
    }

    /// Forgets what was read of a responder, because it has a new certificate.
    func forget(_ authority: String) {
        loaded[authority] = nil
        // The intent of a batch names the certificate.
        if let batch = batches.removeValue(forKey: authority) { end(batch) }
    }

    private func load(_ authority: StatusAuthority) async throws -> Loaded? {
        if let known = loaded[authority.id] { return known }
        guard let record = try await store.responder(of: authority.id), let der = record.certificate else {
            return nil
        }
        let certificate = try Certificate(derEncoded: der)
        guard let end = CivilTime(certificate.notValidAfter) else { return nil }
        let new = Loaded(
            record: record,
            signer: StatusSigner(
                publicKey: try SubjectPublicKey(derEncoded: record.subjectPublicKeyInfo),
                signingAlgorithm: authority.source.issuer.signingAlgorithm, certificate: der, notAfter: end),
            notBefore: certificate.notValidBefore)
        loaded[authority.id] = new
        return new
    }

    /// Signs a response.
    /// - Returns: DER of the BasicOCSPResponse, without certificates
    nonisolated func sign(
        _ contents: OCSPResponseContents, by signer: StatusSigner, for authority: StatusAuthority
    ) async throws -> [UInt8] {
        guard signer.certificate != nil else {
            let linted = try OCSPResponseBuilder.prepare(contents, by: signer)
            let key = try await custody.signingKey(
                authority.source.key, SigningPriority(source: Self.source))
            return try await cycle.sign(
                linted, with: key, of: authority.arn, requestID: timeOrderedUUID(), StatusSteps(scope: scope))
        }
        for _ in 0..<3 {
            let batch = try await batch(of: authority)
            do throws(SigningFailure) {
                return try await cycle.sign(
                    try Self.prepare(contents, signer), in: batch)
            } catch {
                guard case .batchOver = error else { throw error }
            }
        }
        throw SigningFailure.batchOver
    }

    private static func prepare(
        _ contents: OCSPResponseContents, _ signer: StatusSigner
    ) throws(SigningFailure) -> LintedOCSPResponse {
        do { return try OCSPResponseBuilder.prepare(contents, by: signer) } catch { throw .signature(error) }
    }

    /// The source of signatures for relying parties, which take turns with those of principals.
    private static let source = "ocsp"

    private func batch(of authority: StatusAuthority) async throws -> SignatureBatch {
        if let batch = batches[authority.id] {
            if !batch.isOver(at: clock.now()) { return batch }
            batches[authority.id] = nil
            end(batch)
        }
        if let task = opening[authority.id] { return try await task.value }
        let task = Task { try await open(authority) }
        opening[authority.id] = task
        defer { opening[authority.id] = nil }
        let batch = try await task.value
        batches[authority.id] = batch
        return batch
    }

    private func open(_ authority: StatusAuthority) async throws -> SignatureBatch {
        guard let loaded = try await load(authority), let certificate = loaded.signer.certificate else {
            throw CAError.custody(detail: "the authority \(authority.id) has no responder")
        }
        let key = try await custody.signingKey(
            KeyReference(
                loaded.record.keyAlgorithm, identifier: loaded.record.keyIdentifier,
                publicKey: loaded.signer.publicKey,
                securityStandard: loaded.record.keyStorageSecurityStandard),
            SigningPriority(source: Self.source))
        return try await cycle.openBatch(
            with: key, for: authority.source.issuer.publicKey, certificate: certificate, of: authority.arn,
            requestID: timeOrderedUUID())
    }

    private nonisolated func end(_ batch: SignatureBatch) {
        Task {
            do { try await cycle.conclude(batch) } catch {
                // The next start of the daemon closes the intent with the maximum.
                logger.error("the end of a batch was not recorded", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Ends the batches whose time is over.
    /// - Returns: when the next one ends
    func endBatches() -> Date {
        let now = clock.now()
        for (id, batch) in batches where batch.isOver(at: now) {
            batches[id] = nil
            end(batch)
        }
        return batches.values.map(\.end).min() ?? .distantFuture
    }

    /// Ends every batch, and returns when their ends are recorded.
    func endAll() async {
        let all = batches.values
        batches = [:]
        for batch in all { try? await cycle.conclude(batch) }
    }
}

/// The changes committed before and after an authority's own key signs a response.
private struct StatusSteps: SigningSteps {
    let scope: AuditScope

    var claims: [Change] { [] }

    func changes(signed der: [UInt8], _ intent: SignatureIntent, at time: Date) -> [Change] {
        [.append(intent.signed(scope: scope, time: time))]
    }

    func changes(failed outcome: AuditEvent) -> [Change] { [.append(outcome)] }
}
