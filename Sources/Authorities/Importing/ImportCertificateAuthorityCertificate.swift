public import Audit
public import Authorization
internal import Foundation
internal import JSON
internal import Logging
internal import PKIX
public import RecordKeeping
internal import Storage
internal import X509

/// Imports an authority's certificate.
public struct ImportCertificateAuthorityCertificate: Sendable {
    let authorities: AuthorityLookup
    let recorder: Recorder
    let clock: Clock
    let dueLists: DueAuthorities
    let dueResponders: DueAuthorities
    let logger: Logger

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.importCertificateAuthorityCertificate
        public let certificateAuthority: ARN
        /// The bytes of a PEM file with one certificate.
        public let certificate: [UInt8]
        /// The bytes of a PEM file with the chain, child before parent, the root last; nil or empty for a
        /// root.
        public let chain: [UInt8]?

        public init(certificateAuthority: ARN, certificate: [UInt8], chain: [UInt8]?) {
            self.certificateAuthority = certificateAuthority
            self.certificate = certificate
            self.chain = chain
        }
    }

    /// Imports the first certificate, which makes the authority ACTIVE, or a renewal.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let request = authorized.request
        var record = try await authorities.record(request.certificateAuthority)
        guard record.allows(.activate) else {
            throw .invalidState("The certificate authority is not in a valid state to import a certificate")
        }
        let (date, _) = try clock.civil()
        let imported = try ImportedCertificate(certificate: request.certificate, chain: request.chain)
        try imported.check(for: record)
        let notes = try imported.verify(kind: record.kind, at: date)
        do {
            try record.activate(certificate: imported.der, chain: imported.chainDER, at: date)
        } catch { throw CAError(error) }
        let audited = try await recorder.commit(
            [.updateCertificateAuthority(record)],
            answering: Answer(
                (), to: call, allowedBy: authorized.statement, response: Self.response(notes)))
        dueLists.insert(record.id)
        dueResponders.insert(record.id)
        ImportNotes.log(notes, record.id, logger)
        return audited
    }

    /// The event's response. The API's own answer has no members.
    private static func response(_ notes: [String]) -> JSONValue {
        notes.isEmpty ? .null : ["notes": .array(notes.map { .string($0) })]
    }

}
