internal import PKIX
internal import X509

enum MalformedExtensionsLint {
    /// Extensions that relying parties cannot parse, in certificates that are not issued here and cannot be
    /// corrected.
    static let rule = LintRule("RFC 5280, section 4.2", "extensions") { subject in
        for entry in subject.certificate.extensions {
            if let fault = ExtensionSyntax.fault(in: entry) {
                return
                    "hold \(ExtensionSyntax.name(entry.oid)), which \(LintRule.syntaxProblem(entry, fault))"
            }
        }
        return nil
    }
}
