internal import Authorization
internal import Issuance
internal import OctetText
internal import RecordKeeping
internal import Storage

/// An error as a client of the API sees it.
public struct APIError: Error, Sendable, Hashable {
    /// The API's name, such as `InvalidStateException`.
    public let code: String
    public let status: Int
    public let message: String

    /// The maximum octets of a message, because reasons quote input from the request.
    private static let mostMessageOctets = 1024

    /// Status 400 is for the modeled errors and the common errors of a wrong request.
    public init(_ code: String, _ message: String, status: Int = 400) {
        self.code = code
        self.status = status
        let kept = message.prefix(octets: Self.mostMessageOctets)
        self.message = kept.utf8.count < message.utf8.count ? kept + "…" : kept
    }

    /// Whether the request itself was at fault. False for a failure of the daemon, for a rate limit, and for
    /// a request in progress, which clients repeat.
    public var isRefusal: Bool {
        status < 500 && code != "ThrottlingException" && code != "RequestInProgressException"
    }

    /// - Parameter name: the operation's name, possibly shortened
    static func unknownOperation(_ name: String) -> APIError {
        APIError("UnknownOperationException", "the operation `\(name)` does not exist here")
    }

    /// The answer to a request beyond the principal's rate.
    public static let throttled = APIError("ThrottlingException", "Rate exceeded")

    /// A request that is not HTTP.
    public static func malformed(_ reason: String) -> APIError {
        APIError("MalformedHttpRequestException", reason)
    }

    /// A failure of the daemon, which the caller can only retry. The cause is in the daemon's log.
    static let internalFailure = APIError(
        "InternalFailure",
        "the request could not be completed; try again, and ask the operator if it goes on",
        status: 500)

    /// The store failed. Nothing is signed or changed without it.
    static let recordUnavailable = APIError(
        "InternalFailure",
        "the record cannot be written or read, so the request was not carried out; try again, and ask the operator if it goes on",
        status: 500)
}

extension APIError {
    /// Maps errors of the use cases to errors of the API. This is the only such place.
    init(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as ReloadFailure: self.init("InvalidPolicyException", error.reason)
        case let error as AccessDenied: self.init("AccessDeniedException", error.description)
        case let error as CAError: self.init(error)
        default: self = .internalFailure
        }
    }

    private init(_ error: CAError) {
        switch error {
        case .malformedARN: self.init("InvalidArnException", error.description)
        case .certificateAuthorityNotFound, .certificateNotFound, .tokenNotFound, .policyNotFound,
            .permissionNotFound, .approvalNotFound, .eventNotFound, .bucketNotFound, .auditReportNotFound:
            self.init("ResourceNotFoundException", error.description)
        case .invalidState: self.init("InvalidStateException", error.description)
        case .invalidArguments: self.init("InvalidArgsException", error.description)
        case .invalidRequest: self.init("InvalidRequestException", error.description)
        case .alreadyProcessed: self.init("RequestAlreadyProcessedException", error.description)
        case .validation: self.init("ValidationException", error.description)
        case .invalidNextToken: self.init("InvalidNextTokenException", error.description)
        case .malformedCertificate: self.init("MalformedCertificateException", error.description)
        case .certificateMismatch: self.init("CertificateMismatchException", error.description)
        case .invalidPolicy: self.init("InvalidPolicyException", error.description)
        case .lockoutPrevented: self.init("LockoutPreventedException", error.description)
        case .permissionExists: self.init("PermissionAlreadyExistsException", error.description)
        case .invalidTag: self.init("InvalidTagException", error.description)
        case .tooManyTags: self.init("TooManyTagsException", error.description)
        case .limitExceeded: self.init("LimitExceededException", error.description)
        case .requestInProgress: self.init("RequestInProgressException", error.description)
        case .requestFailed: self.init("RequestFailedException", error.description)
        case .issuance(let error): self.init(error)
        case .storage(.conflict): self.init("ConcurrentModificationException", error.description)
        case .storage(.alreadyClaimed):
            self.init("RequestInProgressException", "a request with this IdempotencyToken is being worked on")
        case .storage(.unavailable): self = .recordUnavailable
        case .logDiffers: self.init("InternalFailure", error.description, status: 500)
        case .storage(.approvalsExceeded(let limits)):
            self.init(
                "LimitExceededException",
                "\(limits.count) of your requests, or \(limits.octets) octets of them, wait for approval; have some approved or rejected first"
            )
        // AWS Private CA API Reference, "Common Errors": a temporary failure, which SDKs repeat.
        case .keysUnavailable(let reason): self.init("ServiceUnavailable", reason, status: 503)
        case .storage, .custody: self = .internalFailure
        }
    }

    private init(_ error: IssuanceError) {
        let message = error.description
        switch error {
        case .certificationRequest, .requestMalformed, .subjectAndNamesMissing, .namesNotCritical:
            self.init("MalformedCSRException", message)
        // A finding comes from the request, because templates and authorities are linted beforehand.
        case .lint(_, let isCSRAlone):
            self.init(isCSRAlone ? "MalformedCSRException" : "InvalidArgsException", message)
        case .duplicateExtension(let source, _):
            self.init(source == "CSR" ? "MalformedCSRException" : "InvalidArgsException", message)
        case .templateARNMalformed: self.init("InvalidArnException", message)
        case .templateUnknown, .notOwnRequest, .signingAlgorithmDoesNotFit, .pathLengthExceeded,
            .validityMalformed, .notBeforeMalformed, .validityEmpty, .passthroughMalformed,
            .nameConstraintsDoNotFit, .nameConstraintViolation, .templateRule, .chainDefect:
            self.init("InvalidArgsException", message)
        case .keyInUse: self.init("InvalidArgsException", message)
        case .validityExceedsIssuer, .validityPrecedesIssuer, .notBeforeTooEarly, .validityTooLong:
            self.init("ValidationException", message)
        case .encoding: self = .internalFailure
        }
    }
}
