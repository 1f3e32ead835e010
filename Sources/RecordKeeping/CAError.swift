public import Authorization
public import Issuance
public import Signing
public import Storage

/// The reason that a use case failed. `APIError` maps it to an error of the API.
public enum CAError: Error, Sendable, CustomStringConvertible {
    /// The ARN is not of the required kind.
    case malformedARN(String)
    case certificateAuthorityNotFound(ARN)
    case certificateNotFound(String)
    case tokenNotFound(String)
    case approvalNotFound(String)
    case eventNotFound(String)
    /// There is no bucket of this name for audit reports.
    case bucketNotFound(String)
    case auditReportNotFound(String)
    case invalidState(String)
    case invalidArguments(String)
    case invalidNextToken
    /// The operation does not take this certificate.
    case invalidRequest(String)
    /// The operation was carried out before.
    case alreadyProcessed(String)
    /// A member names something that the daemon does not have.
    case validation(String)
    /// The certificate to import does not parse, or has forbidden contents.
    case malformedCertificate(String)
    /// The certificate to import is not this authority's, or its chain does not lead to a root.
    case certificateMismatch(String)
    case invalidPolicy(String)
    case policyNotFound(ARN)
    /// The caller could not undo the change.
    case lockoutPrevented(String)
    case permissionExists(String)
    case permissionNotFound(String)
    case invalidTag(String)
    case tooManyTags(String)
    case limitExceeded(String)
    case requestInProgress(String)
    case requestFailed(String)
    case issuance(IssuanceError)
    case storage(StorageError)
    /// The token failed. `detail` is for the log, not for the caller.
    case custody(detail: String)
    /// The keys cannot be used now; the same request may succeed later.
    case keysUnavailable(String)
    /// The log differs from its newest checkpoint; nothing is signed.
    case logDiffers

    /// Maps an error of ``KeyCustody``.
    public init(custody error: any Error) {
        switch error {
        case let error as CAError: self = error
        case let error as any CustodyFailure:
            self = error.temporaryReason.map { .keysUnavailable($0) } ?? .custody(detail: "\(error)")
        default: self = .custody(detail: "\(error)")
        }
    }

    /// Maps the failure of a signing cycle.
    public init(signing failure: SigningFailure) {
        switch failure {
        case .intent(let error), .outcome(let error): self = .storage(error)
        case .signature(let error): self = CAError(custody: error)
        case .keyDoesNotFit, .notACheckpoint, .batchOver: self = .custody(detail: failure.description)
        }
    }

    public init(_ refused: IllegalStateChange) { self = .invalidState(refused.description) }

    public var description: String {
        switch self {
        case .malformedARN(let text): "`\(text)` is not an ARN of the kind this operation takes"
        case .certificateAuthorityNotFound(let arn): "Could not find the certificate authority \(arn)"
        case .certificateNotFound(let arn): "Could not find the certificate \(arn)"
        case .tokenNotFound(let name): "There is no token called \(name)"
        case .approvalNotFound(let id):
            "There is no request \(id) for approval"
        case .eventNotFound(let id): "There is no event with the eventID, requestID or index \(id)"
        case .bucketNotFound(let name):
            "There is no bucket \(name) for audit reports; the daemon's configuration names those there are"
        case .auditReportNotFound(let id): "Could not find the audit report \(id)"
        case .invalidState(let message), .invalidArguments(let message), .malformedCertificate(let message),
            .certificateMismatch(let message), .requestInProgress(let message), .requestFailed(let message),
            .invalidPolicy(let message), .lockoutPrevented(let message), .permissionExists(let message),
            .permissionNotFound(let message), .invalidTag(let message), .tooManyTags(let message),
            .limitExceeded(let message), .keysUnavailable(let message), .invalidRequest(let message),
            .alreadyProcessed(let message), .validation(let message):
            message
        case .policyNotFound(let arn): "Could not find policy for resource \(arn)."
        case .invalidNextToken: "the NextToken is not one that this operation gave"
        case .issuance(let error): error.description
        case .storage(let error): error.description
        case .custody(let detail): detail
        case .logDiffers:
            "the audit log is not what its newest checkpoint says, so nothing is signed; ask the operator"
        }
    }
}
