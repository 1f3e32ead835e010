public import Authorization
public import PKIX
public import X509

/// A request for a certificate, as it came: nothing in it is believed yet.
public struct IssuanceRequest: Authorizable {
    public static let action = Action.issueCertificate

    public let certificateAuthority: ARN
    /// The CSR, parsed and verified, or what is wrong with it. It is refused by the operation and not before: a caller that may not ask
    /// is not told.
    let certificationRequest: Result<CertificationRequest, CertificationRequestError>
    public let signingAlgorithm: SigningAlgorithm
    /// The template's ARN; the default template's when the request named none.
    public let templateARN: String
    public let template: Result<CertificateTemplate, IssuanceError>
    public let validity: Validity
    /// When it starts to be valid; an hour before issuance when nil.
    public let notBefore: Validity?
    public let apiPassthrough: APIPassthrough?
    /// Put into the certificate of an authority beside what its template says.
    public let nameConstraints: Certificate.Extension?
    /// What would stand in the certificate, put together once: policies and issuance see the same.
    let content: Result<CertificateContent, IssuanceError>

    /// - Parameters:
    ///   - certificateSigningRequest: the bytes of a PEM file
    ///   - catalog: where its template is looked up
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

    /// Whether everything that goes into the certificate came in the CSR.
    var isCSRAlone: Bool { apiPassthrough == nil && nameConstraints == nil }

    public var resource: String { certificateAuthority.description }
}
