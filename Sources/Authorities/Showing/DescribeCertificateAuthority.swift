public import Audit
public import Authorization
public import RecordKeeping

/// Shows an authority.
public struct DescribeCertificateAuthority: Sendable, SingleAction {
    public static let action = Action.describeCertificateAuthority
    public typealias Request = AuthorityRequest<Self>

    let authorities: AuthorityLookup
    let recorder: Recorder
    let clock: Clock

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<CertificateAuthorityDetails> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let arn = request.certificateAuthority
            return try CertificateAuthorityDetails(
                try await authorities.record(arn), arn: arn, at: clock.now())
        }
    }
}
