internal import PKIX
internal import X509

enum SignedCertificateTimestampsLint {
    static let rule = LintRule("RFC 6962, section 3.3", "SCT list") { subject in
        guard let entry = subject.entry(.X509ExtensionID.signedCertificateTimestampList) else { return nil }
        // RFC 6962, section 3.1: SCTs are embedded in the certificate, not in the precertificate.
        if subject.entry(.X509ExtensionID.precertificatePoison) != nil {
            return "stands in a precertificate"
        }
        // RFC 6962, section 3.3: SerializedSCT sct_list<1..2^16-1>.
        return LintRule.syntaxProblem(entry) { value throws(SyntaxFault) in
            _ = try SignedCertificateTimestampList(derEncoded: value)
        }
    }
}
