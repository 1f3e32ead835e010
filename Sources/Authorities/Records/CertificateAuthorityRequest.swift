public import Authorization

/// A request about one certificate authority.
public protocol CertificateAuthorityRequest: Authorizable {
    var certificateAuthority: ARN { get }
}

extension CertificateAuthorityRequest {
    public var resource: String { certificateAuthority.description }
}

/// A use case with one action.
public protocol SingleAction {
    static var action: Action { get }
}

/// A request with only the ARN of an authority.
public struct AuthorityRequest<UseCase: SingleAction>: CertificateAuthorityRequest {
    public static var action: Action { UseCase.action }
    public let certificateAuthority: ARN

    public init(certificateAuthority: ARN) { self.certificateAuthority = certificateAuthority }
}

/// A request with only the ARNs of a certificate and of its issuing authority.
public struct IssuedCertificateRequest<UseCase: SingleAction>: CertificateAuthorityRequest {
    public static var action: Action { UseCase.action }
    public let certificateAuthority: ARN
    public let certificate: ARN

    public init(certificateAuthority: ARN, certificate: ARN) {
        self.certificateAuthority = certificateAuthority
        self.certificate = certificate
    }
}
