public import Audit
public import Authorities
public import Authorization
internal import Foundation
internal import PKIX
public import RecordKeeping
internal import Revocation
internal import Storage

/// Answers OCSP requests (RFC 6960). A request writes no event: its signature is within a recorded batch, or
/// has an intent of its own.
public struct GetOCSPResponse: Sendable {
    let store: any RevocationStore
    let authorities: StatusAuthorities
    let responders: Responders
    let compared: ComparedLists
    /// Whether CRLs are published, which must be compared with the store before a status is signed.
    let publishesLists: Bool
    let settings: OCSPSettings
    let clock: Clock
    let ownKey: OwnKeyResponses
    let failures: StatusFailures

    /// OCSP requests about certificates of one authority.
    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.getOCSPResponse
        public let certificateAuthority: ARN
        let requests: [ReadRequest]

        /// The answers for a caller that may not ask.
        public var unauthorized: [Answer] {
            requests.map { Answer(place: $0.place, octets: Self.refusal, certificateAuthority: nil) }
        }

        private static let refusal = OCSPResponse.encoded(.unauthorized)
    }

    /// A response, or an unsigned message that there is none (RFC 6960, section 4.2.1).
    public struct Answer: Sendable {
        /// The place of its request in the list.
        public let place: Int
        /// DER
        public let octets: [UInt8]
        /// The authority that answers; nil without one.
        public let certificateAuthority: ARN?
    }

    public struct Answers: CountedAnswer {
        public let list: [Answer]
    }

    /// An OCSP request whose authority is known.
    struct ReadRequest: Sendable {
        let place: Int
        let request: OCSPRequest
        let authority: StatusAuthority
        let isAnswering: Bool
    }

    /// A list of requests, after they were read.
    public struct Reading: Sendable {
        /// To be authorized, one for each authority.
        public fileprivate(set) var requests: [Request] = []
        /// The answers to requests that concern no authority, so there is nothing to authorize.
        public fileprivate(set) var answers: [Answer] = []
    }

    /// Seconds by which a response begins before it is made, for relying parties whose clock is behind.
    private static let backdate: TimeInterval = 300

    /// Reads requests, and finds the authority of the first certificate that each names.
    public func read(_ list: [[UInt8]]) async throws(CAError) -> Reading {
        var reading = Reading()
        var known: [ARN: [ReadRequest]] = [:]
        for (place, octets) in list.enumerated() {
            let request: OCSPRequest
            do { request = try OCSPRequest(derEncoded: octets) } catch {
                reading.answers.append(Self.failure(.malformedRequest, at: place))
                continue
            }
            guard let read = try await read(request, at: place) else {
                reading.answers.append(Self.failure(.unauthorized, at: place))
                continue
            }
            known[read.authority.arn, default: []].append(read)
        }
        reading.requests = known.map { Request(certificateAuthority: $0.key, requests: $0.value) }
        return reading
    }

    private func read(
        _ request: OCSPRequest, at place: Int
    ) async throws(CAError) -> ReadRequest? {
        do throws(StorageError) {
            for issuer in request.certificates.compactMap(\.issuer) {
                guard let (authority, record) = try await authorities.authority(issuer) else { continue }
                return ReadRequest(
                    place: place, request: request, authority: authority,
                    isAnswering: StatusAuthority.isAnswering(record, authority, at: clock.now()))
            }
            return nil
        } catch { throw .storage(error) }
    }

    /// All answers to a list, in its order.
    public func answer(_ list: [Answer]) -> Audited<Answers> {
        Audited(counted: Answers(list: list.sorted { $0.place < $1.place }))
    }

    /// The answers to authorized requests. A failure to sign is an answer too: the relying party tries again.
    public func callAsFunction(_ authorized: consuming Authorized<Request>) async -> Audited<Answers> {
        Audited(counted: await answers(authorized.request.requests))
    }

    /// - Parameter requests: of one authority
    private func answers(_ requests: [ReadRequest]) async -> Answers {
        guard let first = requests.first else { return Answers(list: []) }
        let standings: [[UInt8]: CertificateStanding]
        do { standings = try await self.standings(requests, first.authority) } catch {
            failures.failed(first.authority.id, error)
            return Answers(
                list: requests.map { Self.failure(.tryLater, at: $0.place, of: $0.authority) })
        }
        guard requests.count > 1 else { return Answers(list: [await output(first, standings)]) }
        return await withTaskGroup(of: Answer.self) { group in
            for request in requests { group.addTask { await output(request, standings) } }
            return Answers(list: await group.reduce(into: []) { $0.append($1) })
        }
    }

    /// What the store has of every serial number that the requests name.
    private func standings(
        _ requests: [ReadRequest], _ authority: StatusAuthority
    ) async throws(StorageError) -> [[UInt8]: CertificateStanding] {
        let numbers = Set(
            requests.filter(\.isAnswering).flatMap { read in
                read.request.certificates.filter { Self.isOf(authority, $0) }.compactMap(\.serialNumber)
            })
        guard !numbers.isEmpty else { return [:] }
        let list = Array(numbers)
        let standings = try await store.standings(of: list, by: authority.id)
        return Dictionary(zip(list, standings)) { first, _ in first }
    }

    private static func isOf(_ authority: StatusAuthority, _ certificate: CertificateID) -> Bool {
        certificate.issuer.map(authority.issuers.contains) ?? false
    }

    private func output(_ read: ReadRequest, _ standings: [[UInt8]: CertificateStanding]) async -> Answer {
        let (authority, place) = (read.authority, read.place)
        guard read.isAnswering else { return Self.failure(.unauthorized, at: place, of: authority) }
        guard !publishesLists || !authority.source.issuer.signsLists || compared.contains(authority.id) else {
            return Self.failure(.tryLater, at: place, of: authority)
        }
        do {
            guard let signer = try await responders.signer(of: authority) else {
                let hasResponder = try await store.responder(of: authority.id) != nil
                return Self.failure(hasResponder ? .tryLater : .unauthorized, at: place, of: authority)
            }
            let contents = try contents(read, signer, standings)
            if signer.certificate == nil { return try await ownKeyAnswer(read, contents, signer) }
            let signed = try await responders.sign(contents, by: signer, for: authority)
            failures.succeeded(authority.id)
            return Answer(
                place: place,
                octets: OCSPResponse.encoded(signed, certificates: signer.certificate.map { [$0] } ?? []),
                certificateAuthority: authority.arn)
        } catch {
            failures.failed(authority.id, error)
            return Self.failure(.tryLater, at: place, of: authority)
        }
    }

    /// An answer that the authority's own key signs, or has signed before.
    private func ownKeyAnswer(
        _ read: ReadRequest, _ contents: OCSPResponseContents, _ signer: StatusSigner
    ) async throws -> Answer {
        let (authority, place) = (read.authority, read.place)
        let only = contents.responses.count == 1 ? contents.responses[0] : nil
        let kept = only.flatMap { ownKey.response(about: $0.certificate, $0.status) }
        func again(_ octets: [UInt8]) -> Answer {
            Answer(place: place, octets: octets, certificateAuthority: authority.arn)
        }
        if let kept, contents.nonce == nil { return again(kept) }
        guard ownKey.take() else {
            // RFC 9654, section 2.1: a responder may leave the nonce out.
            return kept.map(again) ?? Self.failure(.tryLater, at: place, of: authority)
        }
        let signed = try await responders.sign(contents, by: signer, for: authority)
        failures.succeeded(authority.id)
        // With its own certificate: OpenSSL and GnuTLS look for the signer in the response, and programs such as
        // Apache give them no other place.
        let octets = OCSPResponse.encoded(signed, certificates: [authority.source.certificate])
        if let only, contents.nonce == nil {
            ownKey.keep(
                octets, about: only.certificate, only.status, for: TimeInterval(settings.answerMinutes) * 30)
        }
        return Answer(place: place, octets: octets, certificateAuthority: authority.arn)
    }

    private static func failure(
        _ failure: OCSPResponse.Failure, at place: Int, of authority: StatusAuthority? = nil
    ) -> Answer {
        Answer(
            place: place, octets: OCSPResponse.encoded(failure), certificateAuthority: authority?.arn)
    }

    private func contents(
        _ read: ReadRequest, _ signer: StatusSigner, _ standings: [[UInt8]: CertificateStanding]
    ) throws -> OCSPResponseContents {
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
            let status = try status(of: certificate, read.authority, standings, &hasUnissued)
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
        of certificate: CertificateID, _ authority: StatusAuthority,
        _ standings: [[UInt8]: CertificateStanding], _ hasUnissued: inout Bool
    ) throws(StorageError) -> CertificateStatus {
        guard Self.isOf(authority, certificate) else { return .unknown }
        switch certificate.serialNumber.flatMap({ standings[$0] }) {
        case .issued: return .good
        case .revoked(let revocation):
            guard let time = CivilTime(revocation.revokedAt) else {
                throw .corrupt("a revocation of the certificate authority \(authority.id)")
            }
            return .revoked(at: time, reason: revocation.reason.listReason?.rawValue)
        case .unissued, nil: break
        }
        guard settings.callsUnissuedRevoked, let beginning = CivilTime(secondsSinceEpoch: 0) else {
            return .unknown
        }
        hasUnissued = true
        // RFC 6960, section 2.2: certificateHold, since January 1, 1970.
        return .revoked(at: beginning, reason: 6)
    }
}
