internal import PKIX
internal import X509

extension LintRule {
    /// For certificates that others signed, and that no authority below them can mend: what relying parties cannot read.
    static let malformedExtensions = LintRule("RFC 5280, section 4.2", "extensions") { subject in
        for entry in subject.certificate.extensions {
            if let fault = ExtensionSyntax.fault(in: entry) {
                return "hold \(ExtensionSyntax.name(entry.oid)), which \(syntaxProblem(entry, fault))"
            }
        }
        return nil
    }
}
