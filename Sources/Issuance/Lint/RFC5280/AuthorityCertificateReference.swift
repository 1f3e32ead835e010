internal import PKIX
internal import X509

enum AuthorityCertificateReferenceLint {
    static let rule = LintRule(
        "RFC 5280, section 4.2.1.1", "authorityKeyIdentifier"
    ) { subject in
        guard let entry = subject.entry(.X509ExtensionID.authorityKeyIdentifier),
            let reference = try? AuthorityKeyReference(derEncoded: entry.value)
        else { return nil }
        // RFC 5280, appendix A.2: authorityCertIssuer and authorityCertSerialNumber are both present or both
        // absent.
        guard (reference.authorityCertIssuer == nil) == (reference.authorityCertSerialNumber == nil) else {
            return "has one of authorityCertIssuer and authorityCertSerialNumber without the other"
        }
        return NameSyntax.problem(in: reference.authorityCertIssuer ?? []).map {
            "\($0) as authorityCertIssuer"
        }
    }
}
