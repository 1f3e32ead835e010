public import PKIX

/// Why a certificate is not issued.
public enum IssuanceError: Error, Sendable, CustomStringConvertible {
    case certificationRequest(CertificationRequestError)
    case templateARNMalformed(String)
    case templateUnknown(String)
    /// A root template was requested for a CSR other than the authority's own.
    case notOwnRequest(template: String)
    case signingAlgorithmDoesNotFit(SigningAlgorithm, KeyAlgorithm)
    case validityMalformed(Validity)
    case notBeforeMalformed
    case validityEmpty(notBefore: CivilTime, notAfter: CivilTime)
    case validityExceedsIssuer(requested: CivilTime, limit: CivilTime)
    case validityPrecedesIssuer(requested: CivilTime, limit: CivilTime)
    /// `limitedBy` sets the limit.
    case notBeforeTooEarly(requested: CivilTime, minutes: Int64, limitedBy: String)
    /// `limitedBy` sets the limit.
    case validityTooLong(days: Int64, limitedBy: String)
    case pathLengthExceeded(template: String, limit: Int)
    /// The key in the CSR is already used by this daemon. `owner` includes an article.
    case keyInUse(owner: String, template: String)
    case subjectAndNamesMissing
    /// RFC 5280, section 4.2.1.6: the alternative names of a CSR without a subject must be critical.
    case namesNotCritical
    /// One source has an extension twice.
    case duplicateExtension(source: String, oid: String)
    case passthroughMalformed(String)
    /// The fault of the subject or the alternative names of the CSR.
    case requestMalformed(String)
    /// Only certificates of authorities may have name constraints.
    case nameConstraintsDoNotFit(template: String)
    case nameConstraintViolation(NameConstraintViolation)
    /// The request breaks a rule of the custom template.
    case templateRule(template: String, violation: String)
    /// The certificates above do not allow any issuance.
    case chainDefect(String)
    /// The linter's finding in the bytes to be signed, and whether the whole request was in the CSR.
    case lint([LintFinding], isCSRAlone: Bool)
    case encoding(String)

    public var description: String {
        switch self {
        case .certificationRequest(let error): error.description
        case .templateARNMalformed(let arn):
            "`\(arn)` is not a template ARN such as `arn:aws:acm-pca:::template/EndEntityCertificate/V1`"
        case .templateUnknown(let arn):
            "the template `\(arn)` does not exist; `signet template list` shows those there are"
        case .notOwnRequest(let template):
            "the template \(template) signs only the certificate authority's own CSR, on a certificate authority of type ROOT"
        case .signingAlgorithmDoesNotFit(let signing, let key):
            // The API's own sentence.
            "Signing algorithm \(signing.rawValue) cannot be used with key type \(key.rawValue). "
                + "Valid signing algorithms are: "
                + key.signingAlgorithms.map(\.rawValue).joined(separator: ", ") + "."
        case .validityMalformed(let validity):
            "a Validity of \(validity.value) \(validity.unit.rawValue) is not a moment a certificate can end at"
        case .notBeforeMalformed: "ValidityNotBefore must be of Type ABSOLUTE, in seconds since 1970"
        case .validityEmpty(let notBefore, let notAfter):
            "the certificate would end at \(notAfter), before it begins at \(notBefore) or in the past"
        case .validityExceedsIssuer(let requested, let limit):
            "the certificate would be valid until \(requested), longer than its certificate authority, or one above it, which ends at \(limit)"
        case .validityPrecedesIssuer(let requested, let limit):
            "the certificate would be valid from \(requested), before its certificate authority, which begins at \(limit)"
        case .notBeforeTooEarly(let requested, let minutes, let limit):
            "ValidityNotBefore is \(requested), further back than the \(minutes) minutes that \(limit) allows"
        case .validityTooLong(let days, let limit): "\(limit) issues for at most \(days) days"
        case .pathLengthExceeded(let template, let limit):
            "the template \(template) cannot be used: the certificate authority's own path length is \(limit)"
        case .keyInUse(let owner, let template):
            "the CSR's key is that of \(owner); the template \(template) does not certify keys of authorities"
        case .subjectAndNamesMissing: "the request has neither a subject nor a subject alternative name"
        case .namesNotCritical:
            // The API's own sentence.
            "CSR must mark the SAN extension critical when it has an empty subject"
        case .duplicateExtension(let source, let oid): "\(source) has the extension \(oid) twice"
        case .passthroughMalformed(let reason): "ApiPassthrough: \(reason)"
        case .requestMalformed(let reason): "the CSR's \(reason)"
        case .nameConstraintsDoNotFit(let template):
            "the template \(template) is not for certificate authorities, and only their names can be constrained"
        case .nameConstraintViolation(let violation): violation.description
        case .templateRule(let template, let violation): "the template \(template) refuses it: \(violation)"
        case .chainDefect(let reason): "nothing can be issued: \(reason)"
        case .lint(let findings, _):
            "the certificate would break its rules: " + findings.map(\.description).joined(separator: "; ")
        case .encoding(let reason): "the certificate cannot be encoded: \(reason)"
        }
    }
}
