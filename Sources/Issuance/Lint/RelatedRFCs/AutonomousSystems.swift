internal import PKIX
internal import X509

enum AutonomousSystemsLint {
    // Complete syntax in canonical form. RFC 8360, section 4.2.2.3, gives the second extension the same
    // syntax.
    static let rule = LintRule("RFC 3779, section 3.2.3", "ASIdentifiers") { subject in
        LintRule.syntaxProblem(
            in: subject, of: [.X509ExtensionID.autonomousSystems, .X509ExtensionID.autonomousSystemsV2])
    }
}
