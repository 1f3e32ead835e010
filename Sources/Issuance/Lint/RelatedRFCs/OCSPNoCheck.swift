internal import PKIX
internal import X509

enum OCSPNoCheckLint {
    static let rule = LintRule("RFC 6960, section 4.2.2.2.1", "OCSP no-check") { subject in
        // RFC 6960, section 4.2.2.2.1: the value is NULL.
        subject.entry(.X509ExtensionID.ocspNoCheck).flatMap {
            LintRule.syntaxProblem($0, BasicExtensionSyntax.checkNull)
        }
    }
}
