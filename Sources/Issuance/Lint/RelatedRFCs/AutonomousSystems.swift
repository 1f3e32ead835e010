internal import PKIX
internal import X509

extension LintRule {
    // Down to the leaves, and in canonical form. RFC 8360, section 4.2.2.3, gives the second the same syntax.
    static let autonomousSystems = LintRule("RFC 3779, section 3.2.3", "ASIdentifiers") { subject in
        syntaxProblem(
            in: subject, of: [.X509ExtensionID.autonomousSystems, .X509ExtensionID.autonomousSystemsV2])
    }
}
