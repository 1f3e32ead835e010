public import Authorization
public import PKIX
public import X509

/// A request for a certificate, not validated yet.
public struct IssuanceRequest: Authorizable {
    public static let action = Action.issueCertificate

    public let certificateAuthority: ARN
    /// The parsed and verified CSR, or its fault. The fault is reported only after authorization, so that a
    /// caller without permission does not learn it.
    let certificationRequest: Result<CertificationRequest, CertificationRequestError>
    public let signingAlgorithm: SigningAlgorithm
    /// The template's ARN; the default template's when the request named none.
    public let templateARN: String
    public let template: Result<CertificateTemplate, IssuanceError>
    public let validity: Validity
    /// When it starts to be valid; an hour before issuance when nil.
    public let notBefore: Validity?
    public let apiPassthrough: APIPassthrough?
    /// Name constraints for an authority's certificate, in addition to its template.
    public let nameConstraints: Certificate.Extension?
    /// The contents of the future certificate, computed once, so that policies and issuance use the same.
    let content: Result<CertificateContent, IssuanceError>

    /// - Parameters:
    ///   - certificateSigningRequest: the bytes of a PEM file
    ///   - catalog: the catalog with its template
    ///   - known: keys that are refused because their private keys are known
    public init(
        certificateAuthority: ARN, certificateSigningRequest: [UInt8], signingAlgorithm: SigningAlgorithm,
        templateARN: String, validity: Validity, notBefore: Validity? = nil,
        apiPassthrough: APIPassthrough? = nil, nameConstraints: Certificate.Extension? = nil,
        catalog: TemplateCatalog, known: KnownWeakKeys = .none
    ) {
        self.certificateAuthority = certificateAuthority
        let certificationRequest = Result { () throws(CertificationRequestError) in
            try CertificationRequest(pem: certificateSigningRequest, known: known)
        }
        let template = Result { () throws(IssuanceError) in try catalog.template(templateARN) }
        self.certificationRequest = certificationRequest
        self.template = template
        self.signingAlgorithm = signingAlgorithm
        self.templateARN = templateARN
        self.validity = validity
        self.notBefore = notBefore
        self.apiPassthrough = apiPassthrough
        self.nameConstraints = nameConstraints
        content = Result { () throws(IssuanceError) in
            let csr = certificationRequest.mapError { IssuanceError.certificationRequest($0) }
            return try CertificateContent(
                try template.get(), try csr.get(), apiPassthrough: apiPassthrough,
                nameConstraints: nameConstraints)
        }
    }

    /// DER of the public key to be certified; nil when the CSR is refused.
    public var subjectPublicKeyInfo: [UInt8]? { try? certificationRequest.get().subjectPublicKeyInfo }

    /// Whether the whole request is in the CSR.
    var isCSRAlone: Bool { apiPassthrough == nil && nameConstraints == nil }

    public var resource: String { certificateAuthority.description }
}
