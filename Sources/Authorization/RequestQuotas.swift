/// The rates of principals: requests a second for each principal and action.
public struct RequestQuotas: Sendable, Hashable {
    /// The rates of every principal.
    public var rates: [Action: Double]
    /// The rate of actions without one of their own; nil for no limit.
    public var otherwise: Double?
    /// Rates of single principals, which replace the rates above.
    public var byPrincipal: [ARN: [Action: Double]]

    /// No limits.
    public static let none = RequestQuotas()

    public init(
        rates: [Action: Double] = [:], otherwise: Double? = nil, byPrincipal: [ARN: [Action: Double]] = [:]
    ) {
        self.rates = rates
        self.otherwise = otherwise
        self.byPrincipal = byPrincipal
    }

    /// The default: more than an honest service needs, and less than would saturate a machine.
    public static let standard = RequestQuotas(rates: [.issueCertificate: 1000])

    /// Nil for no limit.
    /// - Parameter action: nil if there is no such operation
    public func rate(of principal: ARN, _ action: Action?) -> Double? {
        guard let action else { return otherwise }
        return byPrincipal[principal]?[action] ?? rates[action] ?? otherwise
    }

    /// AWS's (AWS General Reference, "AWS Private Certificate Authority endpoints and quotas"): which AWS
    /// applies to an account and region, and Signet to a principal.
    public static let aws: [Action: Double] = [
        .createCertificateAuthority: 1, .createCertificateAuthorityAuditReport: 1, .createPermission: 1,
        .deletePermission: 1, .issueCertificate: 25, .getCertificate: 75, .describeCertificateAuthority: 20,
        .describeCertificateAuthorityAuditReport: 20, .getCertificateAuthorityCertificate: 20,
        .listCertificateAuthorities: 20, .listTags: 20, .restoreCertificateAuthority: 20,
        .revokeCertificate: 20, .deleteCertificateAuthority: 10, .getCertificateAuthorityCsr: 10,
        .importCertificateAuthorityCertificate: 10, .tagCertificateAuthority: 10,
        .untagCertificateAuthority: 10, .updateCertificateAuthority: 10, .putPolicy: 5, .getPolicy: 5,
        .deletePolicy: 5, .listPermissions: 5,
    ]
}
