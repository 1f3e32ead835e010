internal import PKIX
internal import X509

extension LintRule {
    static let ocspNoCheck = LintRule("RFC 6960, section 4.2.2.2.1", "OCSP no-check") { subject in
        // RFC 6960, section 4.2.2.2.1: the value is NULL.
        subject.entry(.X509ExtensionID.ocspNoCheck).flatMap {
            syntaxProblem($0, BasicExtensionSyntax.checkNull)
        }
    }
}
