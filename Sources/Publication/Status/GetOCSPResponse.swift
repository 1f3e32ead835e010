public import Audit
public import Authorities
public import Authorization
internal import Foundation
internal import Logging
internal import PKIX
public import RecordKeeping
internal import Revocation
internal import Storage

/// Answers OCSP requests (RFC 6960). A request writes no event: its signature is within a recorded batch, or
/// has an intent of its own.
public struct GetOCSPResponse: Sendable {
    let store: any Storage.CertificateStore & RevocationStore
    let authorities: StatusAuthorities
    let responders: Responders
    let compared: ComparedLists
    /// Whether CRLs are published, which must be compared with the store before a status is signed.
    let publishesLists: Bool
    let settings: OCSPSettings
    let clock: Clock
    let logger: Logger

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.getOCSPResponse
        public let certificateAuthority: ARN
        let ocsp: ReadRequest
    }

    /// A response, or an unsigned message that there is none (RFC 6960, section 4.2.1).
    public struct Output: CountedAnswer {
        /// DER
        public let octets: [UInt8]
        /// The authority that answers; nil without one.
        public let certificateAuthority: ARN?

        /// The answer to a request that concerns no authority, or none that the caller may ask about.
        public static let unauthorized = GetOCSPResponse.failure(.unauthorized)
    }

    /// An OCSP request whose authority is known.
    struct ReadRequest: Sendable {
        let request: OCSPRequest
        let authority: StatusAuthority
        let isAnswering: Bool
    }

    public enum Reading: Sendable {
        /// To be authorized.
        case request(Request)
        /// No authority is concerned, so there is nothing to authorize.
        case unanswered(Output)
    }

    /// Seconds by which a response begins before it is made, for relying parties whose clock is behind.
    private static let backdate: TimeInterval = 300

    /// Reads a request, and finds the authority of the first certificate that it names.
    public func read(_ octets: [UInt8]) async throws(CAError) -> Reading {
        let request: OCSPRequest
        do { request = try OCSPRequest(derEncoded: octets) } catch {
            return .unanswered(Self.failure(.malformedRequest))
        }
        do throws(StorageError) {
            for issuer in request.certificates.compactMap(\.issuer) {
                guard let (authority, record) = try await authorities.authority(issuer) else { continue }
                return .request(
                    Request(
                        certificateAuthority: authority.arn,
                        ocsp: ReadRequest(
                            request: request, authority: authority,
                            isAnswering: StatusAuthority.isAnswering(record, authority, at: clock.now()))))
            }
        } catch { throw .storage(error) }
        return .unanswered(.unauthorized)
    }

    /// The answer to a request that is not examined further.
    public func answer(_ unanswered: Output) -> Audited<Output> { Audited(counted: unanswered) }

    /// The answer to an authorized request. A failure to sign is an answer too: the relying party tries again.
    public func callAsFunction(_ authorized: consuming Authorized<Request>) async -> Audited<Output> {
        Audited(counted: await output(authorized.request.ocsp))
    }

    private func output(_ read: ReadRequest) async -> Output {
        let authority = read.authority
        guard read.isAnswering else { return Self.failure(.unauthorized, of: authority) }
        guard !publishesLists || !authority.source.issuer.signsLists || compared.contains(authority.id) else {
            return Self.failure(.tryLater, of: authority)
        }
        do {
            guard let signer = try await responders.signer(of: authority) else {
                let hasResponder = try await store.responder(of: authority.id) != nil
                return Self.failure(hasResponder ? .tryLater : .unauthorized, of: authority)
            }
            let contents = try await contents(read, signer)
            let signed = try await responders.sign(contents, by: signer, for: authority)
            return Output(
                // An authority's own certificate too: OpenSSL and GnuTLS look for the signer in the response,
                // and programs such as Apache give them no other place.
                octets: OCSPResponse.encoded(
                    signed, certificates: [signer.certificate ?? authority.source.certificate]),
                certificateAuthority: authority.arn)
        } catch {
            logger.error(
                "an OCSP request was not answered",
                metadata: ["authority": "\(authority.id)", "reason": "\(error)"])
            return Self.failure(.tryLater, of: authority)
        }
    }

    private static func failure(_ failure: OCSPResponse.Failure, of authority: StatusAuthority? = nil)
        -> Output
    {
        Output(octets: OCSPResponse.encoded(failure), certificateAuthority: authority?.arn)
    }

    private func contents(
        _ read: ReadRequest, _ signer: StatusSigner
    ) async throws -> OCSPResponseContents {
        let now = clock.now()
        let end = min(
            Int64(now.timeIntervalSince1970) + Int64(settings.answerMinutes) * 60,
            signer.notAfter.secondsSinceEpoch)
        guard let producedAt = CivilTime(now), let nextUpdate = CivilTime(secondsSinceEpoch: end),
            let begin = CivilTime(now.addingTimeInterval(-Self.backdate))
        else { throw CAError.custody(detail: "the clock is outside the years of certificates") }
        var responses: [SingleResponse] = []
        var hasUnissued = false
        for certificate in read.request.certificates {
            let status = try await status(of: certificate, read.authority, &hasUnissued)
            var thisUpdate = begin
            // A response does not tell of a time before the revocation that it reports.
            if case .revoked(let time, _) = status,
                begin.secondsSinceEpoch < time.secondsSinceEpoch,
                time.secondsSinceEpoch <= producedAt.secondsSinceEpoch
            {
                thisUpdate = time
            }
            responses.append(
                SingleResponse(certificate, status, thisUpdate: thisUpdate, nextUpdate: nextUpdate))
        }
        return OCSPResponseContents(
            producedAt: producedAt, responses: responses, nonce: read.request.nonce,
            hasExtendedRevoked: hasUnissued)
    }

    private func status(
        of certificate: CertificateID, _ authority: StatusAuthority, _ hasUnissued: inout Bool
    ) async throws(StorageError) -> CertificateStatus {
        guard let issuer = certificate.issuer, authority.issuers.contains(issuer) else { return .unknown }
        if let serialNumber = certificate.serialNumber {
            if let revocation = try await store.revocation(
                serialNumber: serialNumber, of: authority.id)
            {
                guard let time = CivilTime(revocation.revokedAt) else {
                    throw .corrupt("a revocation of the certificate authority \(authority.id)")
                }
                return .revoked(at: time, reason: revocation.reason.listReason?.rawValue)
            }
            let record = try await store.certificate(
                serialNumber: CertificateRecord.text(ofSerialNumber: serialNumber))
            if let record, record.certificateAuthority == authority.id, case .issued = record.status {
                return .good
            }
            if try await store.importedCertificate(serialNumber: serialNumber, of: authority.id) != nil {
                return .good
            }
        }
        guard settings.callsUnissuedRevoked, let beginning = CivilTime(secondsSinceEpoch: 0) else {
            return .unknown
        }
        hasUnissued = true
        // RFC 6960, section 2.2: certificateHold, since January 1, 1970.
        return .revoked(at: beginning, reason: 6)
    }
}
