internal import X509

extension LintRule {
    // The only weak one that parses here; a signature over SHA-1 can be moved to another certificate.
    static let signatureAlgorithms = LintRule("RFC 5280, section 4.1.1.2", "signatureAlgorithm") { subject in
        subject.certificate.signatureAlgorithm == .sha1WithRSAEncryption ? "is made with SHA-1" : nil
    }
}
