internal import PKIX
internal import X509

enum PrivateKeyUsagePeriodLint {
    static let rule = LintRule("RFC 5280, appendix A.2", "privateKeyUsagePeriod") {
        subject in
        // RFC 5280, appendix A.2: either notBefore or notAfter is present.
        subject.entry(.X509ExtensionID.privateKeyUsagePeriod).flatMap {
            LintRule.syntaxProblem($0, PrivateKeyUsagePeriod.check)
        }
    }
}
