public import Authorization
public import PKIX
public import X509

/// A request for a certificate, as it came: nothing in it is believed yet.
public struct IssuanceRequest: Authorizable {
    public static let action = Action.issueCertificate

    public var certificateAuthority: ARN
    /// The bytes of a PEM file.
    public var certificateSigningRequest: [UInt8]
    public var signingAlgorithm: SigningAlgorithm
    /// The template's ARN; the default template's when the request named none.
    public var templateARN: String
    public var validity: Validity
    /// When it starts to be valid; an hour before issuance when nil.
    public var notBefore: Validity?
    public var apiPassthrough: APIPassthrough?
    /// Put into the certificate of an authority beside what its template says.
    public var nameConstraints: Certificate.Extension?

    public init(
        certificateAuthority: ARN, certificateSigningRequest: [UInt8], signingAlgorithm: SigningAlgorithm,
        templateARN: String, validity: Validity, notBefore: Validity? = nil,
        apiPassthrough: APIPassthrough? = nil, nameConstraints: Certificate.Extension? = nil
    ) {
        self.certificateAuthority = certificateAuthority
        self.certificateSigningRequest = certificateSigningRequest
        self.signingAlgorithm = signingAlgorithm
        self.templateARN = templateARN
        self.validity = validity
        self.notBefore = notBefore
        self.apiPassthrough = apiPassthrough
        self.nameConstraints = nameConstraints
    }

    /// Whether everything that goes into the certificate came in the CSR.
    var isCSRAlone: Bool { apiPassthrough == nil && nameConstraints == nil }

    public var resource: String { certificateAuthority.description }
    public func conditionContext(at now: CivilTime) -> ConditionContext {
        var context = ConditionContext()
        context.set("acm-pca:TemplateArn", templateARN)
        return context
    }
}
