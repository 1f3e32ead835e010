internal import PKIX
internal import SwiftASN1
internal import X509

enum ProxyCertificateLint {
    static let rule = LintRule("RFC 3820, section 3", "proxyCertInfo") { subject in
        guard let entry = subject.entry(.X509ExtensionID.proxyCertificateInformation) else { return nil }
        if let problem = LintRule.syntaxProblem(entry, ProxyCertificateInformation.check) { return problem }
        // RFC 3820, section 3.8: critical.
        if !entry.critical { return "is not critical" }
        // RFC 3820, section 3.7: an authority's certificate is not a proxy certificate.
        if subject.isAuthority { return "stands in the certificate of a certificate authority" }
        // RFC 3820, sections 3.2 and 3.5
        for oid in [.X509ExtensionID.issuerAlternativeName, .X509ExtensionID.subjectAlternativeName]
            as [ASN1ObjectIdentifier] where subject.entry(oid) != nil
        {
            return "stands beside \(ExtensionText.name(oid))"
        }
        // RFC 3820, section 3.1: the issuer is an end entity, or another proxy.
        return subject.issuance == nil
            ? nil : "is for certificates that an end entity issues, and not a certificate authority"
    }
}
