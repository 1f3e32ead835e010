internal import PKIX
internal import X509

enum SignatureAlgorithmLint {
    static let rule = LintRule("Signet", "signature") { subject in
        guard let issuance = subject.issuance else { return nil }
        guard subject.certificate.signatureAlgorithm == issuance.signingAlgorithm.signatureAlgorithm,
            issuance.signingAlgorithm.family == issuance.authority.keyAlgorithm.family
        else { return "is not an algorithm of the issuing key" }
        return nil
    }
}
