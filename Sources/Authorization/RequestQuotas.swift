/// How often principals may ask: requests a second, for each principal and action of its own.
public struct RequestQuotas: Sendable, Hashable {
    /// For every principal.
    public var rates: [Action: Double]
    /// For actions that have no rate; nil for no limit.
    public var otherwise: Double?
    /// For single principals, in place of the above.
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

    /// In force without a word in the configuration: more than an honest service asks for, and less than a machine can be kept
    /// busy with.
    public static let standard = RequestQuotas(rates: [.issueCertificate: 1000])

    /// Nil for no limit.
    /// - Parameter action: nil for what is no operation
    public func rate(of principal: ARN, _ action: Action?) -> Double? {
        guard let action else { return otherwise }
        return byPrincipal[principal]?[action] ?? rates[action] ?? otherwise
    }

    /// AWS's (AWS General Reference, "AWS Private Certificate Authority endpoints and quotas"): there for an account and
    /// region, here for a principal.
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
