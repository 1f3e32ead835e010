internal import PKIX
internal import X509

extension LintRule {
    static let signatureAlgorithm = LintRule("Signet", "signature") { subject in
        guard subject.certificate.signatureAlgorithm == subject.signingAlgorithm.signatureAlgorithm,
            subject.signingAlgorithm.family == subject.authority.keyAlgorithm.family
        else { return "is not an algorithm of the issuing key" }
        return nil
    }
}
