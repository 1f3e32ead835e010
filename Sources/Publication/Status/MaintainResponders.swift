internal import Audit
public import Authorities
internal import Authorization
public import Foundation
internal import Identifiers
internal import JSON
internal import Logging
internal import PKIX
internal import RecordKeeping
internal import Revocation
internal import Signing
internal import Storage
internal import SwiftASN1
internal import X509

/// Makes the OCSP responder of each authority that has OCSP enabled: a key on the token, and a certificate of
/// the authority that is renewed at half of its validity.
public actor MaintainResponders {
    let store: any AuthorityStore & RevocationStore
    let custody: any KeyCustody
    let cycle: SigningCycle
    let responders: Responders
    let settings: OCSPSettings
    /// The authorities that were changed.
    public nonisolated let dueResponders: DueAuthorities
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let randomBytes: RandomBytes
    let logger: Logger

    /// The authorities whose last attempt failed, which is recorded once.
    private var failing: Set<String> = []

    /// Seconds between attempts after a failure.
    private static let pause: TimeInterval = 15
    /// Seconds until everything is looked at again, at most.
    private static let longestWait: TimeInterval = 3600
    /// Seconds by which the certificate begins before it is made.
    private static let backdate: TimeInterval = 3600

    init(
        store: any AuthorityStore & RevocationStore, custody: any KeyCustody, cycle: SigningCycle,
        responders: Responders, settings: OCSPSettings, dueResponders: DueAuthorities, recorder: Recorder,
        naming: ARNNaming, clock: Clock, randomBytes: RandomBytes, logger: Logger
    ) {
        self.store = store
        self.custody = custody
        self.cycle = cycle
        self.responders = responders
        self.settings = settings
        self.dueResponders = dueResponders
        self.recorder = recorder
        self.naming = naming
        self.clock = clock
        self.randomBytes = randomBytes
        self.logger = logger
    }

    /// How many responders lack a certificate that is due; nil for none.
    public var problem: String? {
        failing.isEmpty
            ? nil
            : "\(failing.count) OCSP responders could not be renewed; the events ResponderNotRenewed have the reasons"
    }

    /// Renews every responder that is due.
    /// - Returns: when the next one is due
    /// - Throws: when the store cannot be read
    public func callAsFunction() async throws -> Date {
        guard settings.signer == .responder else { return .distantFuture }
        _ = dueResponders.take()
        var next = clock.now().addingTimeInterval(Self.longestWait)
        var after: String?
        repeat {
            let page = try await store.certificateAuthorities(after: after, limit: 50)
            for record in page where !Task.isCancelled { next = min(next, await renew(record)) }
            after = page.last?.id
        } while after != nil
        return next
    }

    private func renew(_ record: CertificateAuthorityRecord) async -> Date {
        do {
            let due = try await renewIfDue(record)
            if failing.remove(record.id) != nil {
                logger.notice("an OCSP responder is renewed again", metadata: ["authority": "\(record.id)"])
            }
            return due
        } catch {
            if failing.insert(record.id).inserted { await report(error, of: record.id) }
            return clock.now().addingTimeInterval(Self.pause)
        }
    }

    /// - Returns: when the certificate is due
    private func renewIfDue(_ record: CertificateAuthorityRecord) async throws -> Date {
        let now = clock.now()
        guard record.status == .active || record.status == .disabled,
            let source = try CertificateListSource(record), source.notAfter > now
        else { return .distantFuture }
        let known = try await store.responder(of: record.id)
        // A responder that was used once is kept: certificates may name it.
        guard record.revocation.status != nil || known != nil else { return .distantFuture }
        var responder: ResponderRecord
        if let known { responder = known } else { responder = try await makeKey(record) }
        if let der = responder.certificate, let due = Self.due(der, source, now), due > now { return due }
        let certificate = try await sign(&responder, record, source)
        await responders.forget(record.id)
        return Self.due(certificate, source, now) ?? now.addingTimeInterval(Self.longestWait)
    }

    /// When a certificate is due for renewal; nil for one that is not the authority's, or not valid yet.
    private static func due(_ der: [UInt8], _ source: CertificateListSource, _ now: Date) -> Date? {
        guard let certificate = try? Certificate(derEncoded: der),
            let fields = try? CertificateFields(derEncoded: der),
            fields.issuer.elementsEqual(source.issuer.name), certificate.notValidBefore <= now
        else { return nil }
        // One that ends with its authority has no successor.
        guard certificate.notValidAfter < source.notAfter else { return certificate.notValidAfter }
        let life = certificate.notValidAfter.timeIntervalSince(certificate.notValidBefore)
        return certificate.notValidBefore.addingTimeInterval(life / 2)
    }

    private func makeKey(_ record: CertificateAuthorityRecord) async throws -> ResponderRecord {
        let identifier = randomBytes(16)
        let generated = try await custody.generateKeyPair(
            record.keyAlgorithm, identifier: identifier, label: "ocsp-\(record.id)",
            meeting: record.keyStorageSecurityStandard)
        let responder = ResponderRecord(
            certificateAuthority: record.id, keyAlgorithm: record.keyAlgorithm, keyIdentifier: identifier,
            keyStorageSecurityStandard: generated.securityStandard,
            subjectPublicKeyInfo: generated.publicKey.derBytes, certificate: nil)
        let event = AuditEvent.service(
            .responderKeyGenerated, scope: naming.scope, time: clock.now(),
            details: [
                "certificateAuthorityArn": .string(naming.certificateAuthority(record.id).description),
                "keyIdentifier": .string(hexadecimal(identifier)), "evidence": generated.evidence,
            ])
        try await recorder.commit([.recordResponder(responder), .append(event)])
        return responder
    }

    /// - Returns: DER of the new certificate
    private func sign(
        _ responder: inout ResponderRecord, _ record: CertificateAuthorityRecord,
        _ source: CertificateListSource
    ) async throws -> [UInt8] {
        let now = clock.now()
        let publicKey = try SubjectPublicKey(derEncoded: responder.subjectPublicKeyInfo)
        let end = min(now.addingTimeInterval(TimeInterval(settings.responderDays) * 86_400), source.notAfter)
        guard let notBefore = CivilTime(max(now.addingTimeInterval(-Self.backdate), source.notBefore)),
            let notAfter = CivilTime(end)
        else { throw CAError.custody(detail: "the clock is outside the years of certificates") }
        let serialNumber = randomBytes(16)
        let name = "OCSP responder \(record.id)"
        let linted = try ResponderCertificateBuilder.prepare(
            ResponderCertificateContents(
                serialNumber: serialNumber, commonName: name, publicKey: publicKey, notBefore: notBefore,
                notAfter: notAfter), by: source.issuer)
        let authority = naming.certificateAuthority(record.id)
        let text = hexadecimal(serialNumber)
        let key = try await custody.signingKey(source.key, SigningPriority(source: "", isUrgent: true))
        let template = "arn:\(naming.partition):acm-pca:::template/OCSPSigningCertificate/V1"
        let details = IssuanceDetails(
            tbsCertificate: linted.tbsCertificate, serialNumber: serialNumber,
            issuer: source.subjectText, subject: "CN=\(name)", notBefore: notBefore, notAfter: notAfter,
            templateARN: template, ignored: [],
            certificateAuthority: authority, certificate: naming.certificate(text, of: record.id),
            requester: naming.daemon, signingAlgorithm: source.issuer.signingAlgorithm)
        let certificate = CertificateRecord(
            serialNumber: text, certificateAuthority: record.id, status: .reserved,
            templateARN: template, requester: naming.daemon.description, requestedAt: now,
            notAfter: Date(timeIntervalSince1970: TimeInterval(notAfter.secondsSinceEpoch)))
        let signed = try await cycle.sign(
            linted, with: key, of: authority, serialNumber: text, requestID: timeOrderedUUID(),
            ResponderSteps(
                certificate: certificate, responder: responder, details: details, scope: naming.scope))
        responder.certificate = signed
        return signed
    }

    private func report(_ error: any Error, of id: String) async {
        logger.error(
            "an OCSP responder was not renewed", metadata: ["authority": "\(id)", "reason": "\(error)"])
        await recorder.recordNowOrLater(
            .service(
                .responderNotRenewed, scope: naming.scope, time: clock.now(),
                details: [
                    "certificateAuthorityArn": .string(naming.certificateAuthority(id).description),
                    "statusReason": .string("\(error)"),
                ]))
    }
}

/// The changes committed before and after a responder's certificate is signed.
private struct ResponderSteps: SigningSteps {
    let certificate: CertificateRecord
    let responder: ResponderRecord
    let details: IssuanceDetails
    let scope: AuditScope

    var claims: [Change] { [.reserveSerialNumber(certificate)] }

    func changes(signed der: [UInt8], _ intent: SignatureIntent, at time: Date) -> [Change] {
        var responder = responder
        responder.certificate = der
        let outcome = details.event(intent: intent, certificate: der, scope: scope, time: time)
        return [
            .concludeCertificate(
                serialNumber: certificate.serialNumber, .issued(der), outcome: outcome),
            .recordResponder(responder),
        ]
    }

    func changes(failed outcome: AuditEvent) -> [Change] {
        [
            .concludeCertificate(
                serialNumber: certificate.serialNumber,
                .failed(reason: "the token did not make the signature"), outcome: outcome)
        ]
    }
}
