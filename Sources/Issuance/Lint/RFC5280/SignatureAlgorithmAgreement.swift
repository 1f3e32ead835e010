internal import PKIX

enum SignatureAlgorithmAgreementLint {
    static let rule = LintRule("RFC 5280, section 4.1.1.2", "signatureAlgorithm") {
        subject in
        // RFC 5280, section 4.1.1.2: equal to tbsCertificate.signature, including parameters.
        subject.fields.signature == subject.fields.signatureAlgorithm
            ? nil : "is not the algorithm in tbsCertificate.signature"
    }
}
