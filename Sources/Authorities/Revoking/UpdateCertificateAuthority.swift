public import Audit
public import Authorization
public import RecordKeeping
public import Storage

/// A change of an authority's configuration. What it does not name stays as it is.
public struct RevocationChange: Sendable, Hashable {
    /// A change of one of its parts.
    public enum Part<Value: Sendable & Hashable>: Sendable, Hashable {
        case none
        case disable
        case enable(Value)

        func apply(to value: inout Value?) {
            switch self {
            case .none: break
            case .disable: value = nil
            case .enable(let new): value = new
            }
        }
    }

    public var certificateLists: Part<RevocationConfiguration.CertificateLists>
    public var status: Part<RevocationConfiguration.Status>

    public init(
        certificateLists: Part<RevocationConfiguration.CertificateLists> = .none,
        status: Part<RevocationConfiguration.Status> = .none
    ) {
        self.certificateLists = certificateLists
        self.status = status
    }

    public func apply(to configuration: inout RevocationConfiguration) {
        certificateLists.apply(to: &configuration.certificateLists)
        status.apply(to: &configuration.status)
    }
}

/// Changes whether an authority issues, and how relying parties learn of its revocations.
public struct UpdateCertificateAuthority: Sendable {
    let authorities: AuthorityLookup
    let recorder: Recorder
    let settings: RevocationSettings
    let clock: Clock
    let dueLists: DueAuthorities
    let dueResponders: DueAuthorities

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.updateCertificateAuthority
        public let certificateAuthority: ARN
        /// The API's name; nil leaves it as it is.
        public let status: String?
        /// Nil without a configuration.
        public let revocation: RevocationChange?

        public init(certificateAuthority: ARN, status: String?, revocation: RevocationChange?) {
            self.certificateAuthority = certificateAuthority
            self.status = status
            self.revocation = revocation
        }
    }

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        var record = try await authorities.record(request.certificateAuthority)
        let now = clock.now()
        let status = try CertificateAuthorityDetails(record, arn: request.certificateAuthority, at: now)
            .status
        if let wanted = request.status {
            // The API's own message, which clients compare.
            guard status == "ACTIVE" || status == "DISABLED" else {
                throw .invalidState(
                    "The certificate authority must be in the ACTIVE or DISABLED state to be updated")
            }
            do {
                switch wanted {
                case status: break
                case "ACTIVE": try record.enable(at: now)
                case "DISABLED": try record.disable(at: now)
                default: throw CAError.invalidArguments("the Status must be ACTIVE or DISABLED")
                }
            } catch let error as IllegalStateChange { throw CAError(error) } catch {
                throw CAError(custody: error)
            }
        }
        if let change = request.revocation {
            // Clients configure revocation before they activate an authority.
            guard ["ACTIVE", "DISABLED", "PENDING_CERTIFICATE"].contains(status) else {
                throw .invalidState(
                    "The certificate authority must be in the ACTIVE or DISABLED state to be updated")
            }
            change.apply(to: &record.revocation)
            try record.revocation.check(settings)
            try record.revocation.divide(listOf: record.id, settings)
        }
        let audited = try await recorder.commit(
            [.updateCertificateAuthority(record)],
            answering: Answer((), to: call, allowedBy: statement))
        // A new validity, or a bucket that lacks the CRL.
        if request.revocation != nil {
            dueLists.insert(record.id)
            dueResponders.insert(record.id)
        }
        return audited
    }
}
